import { expect, it } from 'vitest'
import { toPageContext } from './page-context'

it('sends exactly what is visible', () => {
  expect(
    toPageContext([
      { kind: 'page', id: '/nodes/node-06', label: '/nodes/node-06' },
      { kind: 'node', id: 'node-06', label: 'node-06' },
      { kind: 'gpu', id: '3', label: 'GPU 3' },
    ]),
  ).toEqual({
    page: '/nodes/node-06',
    node: 'node-06',
    gpu: 3,
  })
})
it('sends nothing about the page once the chips are removed', () => {
  expect(toPageContext([])).toBeNull()
})
