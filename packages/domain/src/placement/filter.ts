import { PRICE_LABEL, priceMicroUsd } from '../market/price'
import type { PlacementRequest } from './request'
import { isFree, type SnapshotGpu, type SnapshotNode } from './snapshot'

export type RejectCode =
  | 'offline'
  | 'blocked'
  | 'not-named'
  | 'excluded'
  | 'label'
  | 'runtime'
  | 'gpu-model'
  | 'gpu-memory'
  | 'gpu-busy'
  | 'gpu-unusable'
  | 'gpu-count'
  | 'memory'
  | 'path-missing'
  | 'path-outside'

/** What placement says of one node: fits or why not, in words with figures. */
export interface Verdict {
  nodeId: string
  nodeName: string
  fits: boolean
  /** null when it fits. */
  code: RejectCode | null
  reason: string
  /** Replicas that fit here now. */
  capacity: number
  freeGpus: number
  totalGpus: number
  model: string | null
  /** Higher is better; nodes that do not fit score below 0, the nearest miss first. */
  score: number
}

/** Judges one node against the request: the first thing that fails is the reason. */
export function filterNode(request: PlacementRequest, node: SnapshotNode): Verdict {
  const free = node.gpus.filter(isFree)
  const base = {
    nodeId: node.id,
    nodeName: node.name,
    freeGpus: free.length,
    totalGpus: node.gpus.length,
    model: commonModel(free.length > 0 ? free : node.gpus),
  }
  const reject = (code: RejectCode, reason: string, nearness: number): Verdict => ({
    ...base,
    fits: false,
    code,
    reason,
    capacity: 0,
    score: nearness - 1000,
  })

  if (!node.online) return reject('offline', 'it is offline', 0)
  if (node.blocked) return reject('blocked', node.blocked, 5)
  if (request.nodes && !request.nodes.includes(node.name)) return reject('not-named', 'another node was asked for', 1)
  if (request.excludeNodes.includes(node.name)) return reject('excluded', 'it was excluded', 1)
  const label = Object.entries(request.labels).find(([key, value]) => node.labels[key] !== value)
  if (label)
    return reject(
      'label',
      `its label ${label[0]} is ${node.labels[label[0]] ?? 'not set'}, ${label[1]} was asked for`,
      2,
    )
  const runtime = node.runtimes.find((r) => r.kind === request.runtime)
  if (!runtime)
    return reject(
      'runtime',
      request.runtime === 'process' ? 'it runs no plain processes, only containers' : 'it has no container engine',
      3,
    )
  if (request.gpusPerReplica > 0 && runtime.gpu === 'none')
    return reject('runtime', `its ${runtime.engine} cannot hand GPUs to a workload`, 3)
  const pathProblem = missingPath(request, node)
  if (pathProblem) return reject(pathProblem.code, pathProblem.reason, 40)
  const memoryFree = node.memoryMib - node.memoryPromisedMib
  if (request.memoryMib !== null && memoryFree < request.memoryMib)
    return reject('memory', `${gib(memoryFree)} GiB of RAM free, ${gib(request.memoryMib)} GiB needed`, 30)

  const gpuProblem = gpuShortage(request, node, free)
  if (gpuProblem) return reject(gpuProblem.code, gpuProblem.reason, 50 + Math.min(40, gpuProblem.usable))
  return fits(request, node, free, base)
}

function fits(
  request: PlacementRequest,
  node: SnapshotNode,
  free: SnapshotGpu[],
  base: Omit<Verdict, 'fits' | 'code' | 'reason' | 'capacity' | 'score'>,
): Verdict {
  const usable = free.filter((gpu) => matches(request, gpu))
  const byMemory = request.memoryMib
    ? Math.floor((node.memoryMib - node.memoryPromisedMib) / request.memoryMib)
    : Number.POSITIVE_INFINITY
  const byGpu =
    request.gpusPerReplica > 0 ? Math.floor(usable.length / request.gpusPerReplica) : Number.POSITIVE_INFINITY
  const capacity = Math.min(byMemory, byGpu, request.replicas)
  const leftOver = usable.length - Math.min(capacity * request.gpusPerReplica, usable.length)
  // Tight fit first; then the cheaper card, so that dear ones stay free for those who need them.
  const score =
    1000 -
    leftOver * 10 -
    scarcity(node, usable) +
    (capacity >= request.replicas ? 100 : 0) -
    (request.gpusPerReplica === 0 ? node.gpus.length : 0)
  const gpuWords =
    request.gpusPerReplica > 0
      ? `${usable.length} free ${base.model ?? 'GPU'}, ${leftOver} left over`
      : `${gib(node.memoryMib - node.memoryPromisedMib)} GiB of RAM free`
  const data = request.requiredPaths.length > 0 ? `, ${request.requiredPaths.join(', ')} present` : ''
  return { ...base, fits: true, code: null, reason: gpuWords + data, capacity, score }
}

/** What a card is worth: five points a dollar and hour where the node says its price, else a point for 8 GiB of its memory. */
function scarcity(node: SnapshotNode, usable: SnapshotGpu[]): number {
  const price = priceMicroUsd(node.labels[PRICE_LABEL])
  return price === null ? Math.max(0, ...usable.map((gpu) => gpu.memoryMib ?? 0)) / 8192 : (price / 1e6) * 5
}

export const matches = (request: PlacementRequest, gpu: SnapshotGpu): boolean =>
  (request.gpuModel === null || sameModel(gpu.model, request.gpuModel)) &&
  (request.minGpuMemoryMib === null || (gpu.memoryMib ?? 0) >= request.minGpuMemoryMib)

/** "h100" and "H100-80GB" name the same cards; "A100-40GB" and "A100-80GB" do not. */
export function sameModel(model: string, asked: string): boolean {
  const a = model.toLowerCase()
  const b = asked.toLowerCase()
  return a === b || a.startsWith(`${b}-`) || a.split('-')[0] === b
}

function gpuShortage(
  request: PlacementRequest,
  node: SnapshotNode,
  free: SnapshotGpu[],
): { code: RejectCode; reason: string; usable: number } | null {
  const need = request.gpusPerReplica
  if (need === 0) return null
  const ofModel = node.gpus.filter((gpu) => request.gpuModel === null || sameModel(gpu.model, request.gpuModel))
  if (ofModel.length === 0)
    return {
      code: 'gpu-model',
      reason:
        node.gpus.length === 0
          ? 'it has no GPUs'
          : `it has ${commonModel(node.gpus)}, ${request.gpuModel} was asked for`,
      usable: -50,
    }
  const large = ofModel.filter(
    (gpu) => request.minGpuMemoryMib === null || (gpu.memoryMib ?? 0) >= request.minGpuMemoryMib,
  )
  if (large.length < need && large.length < ofModel.length)
    return {
      code: 'gpu-memory',
      reason: `its GPUs have ${gib(ofModel[0]?.memoryMib ?? 0)} GiB, ${gib(request.minGpuMemoryMib ?? 0)} GiB needed on each`,
      usable: -40,
    }
  if (large.length < need)
    return {
      code: 'gpu-count',
      reason: `it has ${large.length} GPU${large.length === 1 ? '' : 's'}, ${need} needed on one node`,
      usable: -30,
    }
  const usable = free.filter((gpu) => matches(request, gpu)).length
  if (usable >= need) return null
  const broken = large.filter((gpu) => gpu.unusable !== null)
  if (large.length - broken.length < need)
    return {
      code: 'gpu-unusable',
      reason: `${broken.length} of its ${large.length} GPUs cannot be used (${broken[0]?.unusable})`,
      usable,
    }
  return { code: 'gpu-busy', reason: `${usable} of ${large.length} GPUs free, ${need} needed`, usable }
}

function missingPath(request: PlacementRequest, node: SnapshotNode): { code: RejectCode; reason: string } | null {
  for (const path of request.requiredPaths) {
    const root = node.dataRoots.find((r) => path === r || path.startsWith(r.endsWith('/') ? r : `${r}/`))
    if (!root)
      return {
        code: 'path-outside',
        reason: `${path} is outside its data roots (${node.dataRoots.join(', ') || 'none'})`,
      }
    if (!pathKnown(path, root, node)) return { code: 'path-missing', reason: `${path} is not there` }
  }
  return null
}

/** Nodes list two levels below each data root; a deeper path counts as present when its listed ancestor is, and is checked again at start. */
function pathKnown(path: string, root: string, node: SnapshotNode): boolean {
  if (path === root) return true
  const below = path.slice(root.length).split('/').filter(Boolean)
  const listed = `${root === '/' ? '' : root.replace(/\/$/, '')}/${below.slice(0, 2).join('/')}`
  return node.dataPaths.some((p) => p.path === listed || p.path === path)
}

function commonModel(gpus: SnapshotGpu[]): string | null {
  const counts = new Map<string, number>()
  for (const gpu of gpus) counts.set(gpu.model, (counts.get(gpu.model) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

const gib = (mib: number): string => (mib / 1024).toFixed(mib < 10_240 ? 1 : 0)
