import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { TakenBack } from './taken-back'

const html = (plan: Partial<Parameters<typeof TakenBack>[0]['plan']>, drafting = false) =>
  renderToStaticMarkup(
    <TakenBack plan={{ state: 'succeeded', stateReason: null, successor: null, ...plan }} drafting={drafting} />,
  )
const successor = { id: 'plan_2', label: 'PL-105' } as const

it('links the plan that takes a finished one back and says how far it is', () => {
  expect(html({ successor: { ...successor, state: 'proposed' } })).toMatch(
    /href="\/plans\/plan_2"[^>]*>PL-105<\/a> takes this back: needs approval/,
  )
  expect(html({ successor: { ...successor, state: 'succeeded' } })).toContain('took this back')
  expect(html({ successor: { ...successor, state: 'rejected' } })).toContain('was to take this back: rejected')
})
it('says that it is being drafted, or why it was not', () => {
  expect(html({}, true)).toContain('is being drafted')
  expect(html({ stateReason: 'No plan to undo it was made: node-02 is gone.' }, true)).not.toContain('drafted.')
  expect(html({ stateReason: 'No plan to undo it was made: node-02 is gone.' })).toContain('node-02 is gone')
})
it('is silent of a plan that was not done: its successor is the same asked again', () => {
  expect(html({ state: 'expired', successor: { ...successor, state: 'proposed' } })).toBe('')
})
