import { matches } from './filter'
import type { PlacementRequest } from './request'
import { isFree, type SnapshotGpu, type SnapshotNode } from './snapshot'

/** GPUs for one replica on this node: one model, one link domain where possible, lowest indices first. null: not enough. */
export function pickGpus(
  request: PlacementRequest,
  node: SnapshotNode,
  taken: ReadonlySet<string>,
): SnapshotGpu[] | null {
  if (request.gpusPerReplica === 0) return []
  const free = node.gpus.filter((gpu) => isFree(gpu) && !taken.has(gpu.id) && matches(request, gpu))
  const groups = new Map<string, SnapshotGpu[]>()
  for (const gpu of free) {
    const key = `${gpu.model} ${gpu.linkDomain ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), gpu])
  }
  const enough = [...groups.values()]
    .filter((g) => g.length >= request.gpusPerReplica)
    .sort((a, b) => a.length - b.length)
  const byModel = new Map<string, SnapshotGpu[]>()
  for (const gpu of free) byModel.set(gpu.model, [...(byModel.get(gpu.model) ?? []), gpu])
  const fallback = [...byModel.values()].find((g) => g.length >= request.gpusPerReplica)
  const group = enough[0] ?? fallback
  return group ? [...group].sort((a, b) => a.index - b.index).slice(0, request.gpusPerReplica) : null
}
