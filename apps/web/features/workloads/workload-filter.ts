import type { WorkloadListItem } from '@clawbernetes/protocol/views/workload'
import type { Facet } from '../fleet/fleet-filter'

const LIVE: ReadonlySet<string> = new Set(['pending', 'placed', 'starting', 'running', 'degraded', 'stopping'])
export const isLive = (workload: Pick<WorkloadListItem, 'status'>): boolean => LIVE.has(workload.status)

type Filterable = Pick<WorkloadListItem, 'name' | 'kind' | 'status' | 'owner' | 'nodes'>

/** Parts: `status:pending`, `kind:training`, `owner:maya`, `node:node-03`, or text in the name. Every part must hold. */
export function matchesWorkload(workload: Filterable, text: string): boolean {
  return text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => {
      const [, key, value = ''] = /^(status|kind|owner|node):(.+)$/.exec(part) ?? []
      if (key === 'status') return workload.status === value
      if (key === 'kind') return workload.kind === value
      if (key === 'owner') return workload.owner.name.toLowerCase().includes(value)
      if (key === 'node') return workload.nodes.some((node) => node.name.toLowerCase() === value)
      return workload.name.toLowerCase().includes(part) || workload.nodes.some((node) => node.name.includes(part))
    })
}

const ORDER = ['failed', 'degraded', 'pending', 'placed', 'starting', 'stopping', 'running', 'succeeded', 'stopped']

export function workloadFacets(workloads: readonly Filterable[]): Facet[] {
  const counts = new Map<string, Facet>()
  const add = (token: string, label: string) => {
    const facet = counts.get(token) ?? { token, label, count: 0 }
    facet.count += 1
    counts.set(token, facet)
  }
  for (const workload of workloads) {
    add(`status:${workload.status}`, workload.status)
    add(`kind:${workload.kind}`, workload.kind)
  }
  const rank = (facet: Facet) => {
    const at = ORDER.indexOf(facet.label)
    return at < 0 ? ORDER.length : at
  }
  return [...counts.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count)
}

/** "2× A100-80GB"; of one that waits what it asks for: "needs 8× H100-80GB". What has ended holds nothing any more. */
export function gpuText(workload: Pick<WorkloadListItem, 'gpus' | 'gpusWanted' | 'status'>): string {
  const model = workload.gpus.model ? ` ${workload.gpus.model}` : ''
  if (workload.gpus.count > 0) return `${workload.gpus.count}×${model || ' GPU'}`
  if (workload.gpusWanted === 0) return 'none'
  const asked = `${workload.gpusWanted}×${model || ' GPU'}`
  return isLive(workload) ? `needs ${asked}` : `${asked}, released`
}
