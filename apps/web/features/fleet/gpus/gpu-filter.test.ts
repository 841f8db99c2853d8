import { expect, it } from 'vitest'
import { gpuFacets, matchesGpu } from './gpu-filter'

const gpu = {
  nodeName: 'node-06',
  model: 'A100-80GB',
  state: 'suspect' as const,
  uuid: 'GPU-8f2c-a41f',
  index: 3,
  demo: true,
  workload: { name: 'fine-tune-llama' },
}

it('finds a GPU by state, model, node, workload, UUID or text, and by all of them at once', () => {
  for (const text of [
    '',
    'state:suspect',
    'MODEL:a100',
    'node:node-06 llama',
    'workload:fine',
    'a41f',
    'state:suspect model:a100',
  ])
    expect(matchesGpu(gpu, text)).toBe(true)
  for (const text of ['state:free', 'node:node-0', 'a100 h100']) expect(matchesGpu(gpu, text)).toBe(false)
})
it('does not find a free GPU by a workload', () => {
  expect(matchesGpu({ ...gpu, workload: null }, 'workload:fine')).toBe(false)
})
it('offers troubles first', () => {
  expect(gpuFacets([{ ...gpu, state: 'free' }, { ...gpu, state: 'free' }, gpu]).map((facet) => facet.token)).toEqual([
    'state:suspect',
    'state:free',
    'model:a100-80gb',
  ])
})
