import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import { GPU_STATE_WORDS } from '@clawbernetes/protocol/views/state-words'
import type { Facet } from '../fleet-filter'

type Filterable = Pick<GpuView, 'nodeName' | 'model' | 'state' | 'uuid' | 'index' | 'demo'> & {
  workload: { name: string } | null
}

/** Parts of the filter: `state:suspect`, `model:h100`, `node:node-06`, `workload:x`, or any text. Every part must hold. */
export function matchesGpu(gpu: Filterable, text: string): boolean {
  return text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => {
      const [, key, value] = /^(state|model|node|workload):(.+)$/.exec(part) ?? []
      if (key === 'state') return gpu.state === value
      if (key === 'model') return gpu.model.toLowerCase().includes(value ?? '')
      if (key === 'node') return gpu.nodeName.toLowerCase() === value
      if (key === 'workload') return (gpu.workload?.name.toLowerCase() ?? '').includes(value ?? '')
      return [gpu.nodeName, gpu.model, gpu.uuid, gpu.workload?.name ?? ''].some((field) =>
        field.toLowerCase().includes(part),
      )
    })
}

const TROUBLE_FIRST = [
  'failed',
  'missing',
  'unreadable',
  'quarantined',
  'suspect',
  'resetting',
  'no-data',
  'cordoned',
  'free',
  'allocated',
]

export function gpuFacets(gpus: readonly Filterable[]): Facet[] {
  const counts = new Map<string, Facet>()
  const add = (token: string, label: string) => {
    const facet = counts.get(token) ?? { token, label, count: 0 }
    facet.count += 1
    counts.set(token, facet)
  }
  for (const gpu of gpus) {
    add(`state:${gpu.state}`, GPU_STATE_WORDS[gpu.state].toLowerCase())
    add(`model:${gpu.model.toLowerCase()}`, gpu.model)
  }
  const rank = (facet: Facet) => {
    const at = TROUBLE_FIRST.indexOf(facet.token.replace('state:', ''))
    return at < 0 ? TROUBLE_FIRST.length : at
  }
  return [...counts.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count)
}
