import { existsSync, statSync } from 'node:fs'
import type { RuntimeInfo } from '@clawbernetes/protocol/node/inventory'
import type { Engine } from '../container/engine'
import { RuntimeError } from '../runtime'
import { type CdiDevice, readCdiDevices } from './cdi-specs'
import { type AmdGpu, amdGpus, findAmdGpu, nvidiaIndexes, nvidiaNodes } from './host-gpus'

/** How the GPUs of one replica are handed to its container, and what must be seen in it afterwards. */
export type GpuGrant =
  | { method: 'none' }
  | { method: 'cdi' | 'libpod'; devices: string[]; uuids: string[]; nodes: string[] }
  | { method: 'nvidia'; uuids: string[]; nodes: string[] }
  | { method: 'device-nodes'; uuids: string[]; nodes: string[]; groups: string[] }

const NVIDIA_KIND = 'nvidia.com/gpu'
const KFD = '/dev/kfd'

/** The method this engine has for this machine's GPUs, for the inventory. */
export function gpuMethodOf(engine: Engine): RuntimeInfo['gpu'] {
  if (offersNvidia(engine).length > 0) return cdiMethod(engine) ?? 'none'
  if (existsSync(KFD)) return 'native'
  return engine.kind === 'docker' && existsSync('/dev/nvidiactl') ? 'nvidia' : 'none'
}

/** Docker reads CDI from 25 on; Podman from 5 on by the same request, and Podman 4 only by its own API. */
function cdiMethod(engine: Engine): 'cdi' | 'libpod' | null {
  if (engine.kind === 'docker') return engine.major >= 25 && engine.cdiSpecDirs.length > 0 ? 'cdi' : null
  if (engine.major >= 5) return 'cdi'
  return engine.major === 4 ? 'libpod' : null
}

const offersNvidia = (engine: Engine): CdiDevice[] =>
  cdiMethod(engine) === null ? [] : readCdiDevices(engine.cdiSpecDirs).filter((device) => device.kind === NVIDIA_KIND)

/** Throws `gpu-missing` when a GPU is not to be found on this machine in a way that this engine can hand over. */
export async function grantGpus(engine: Engine, uuids: string[]): Promise<GpuGrant> {
  if (uuids.length === 0) return { method: 'none' }
  const amd = amdGpus()
  if (uuids.some((uuid) => findAmdGpu(uuid, amd))) return grantAmd(uuids, amd)
  const method = cdiMethod(engine)
  const offered = offersNvidia(engine)
  if (method && offered.length > 0) return grantByCdi(method, uuids, offered)
  if (engine.kind === 'docker') {
    const nodes = nvidiaNodes()
    return { method: 'nvidia', uuids, nodes: uuids.flatMap((uuid) => nodes.get(uuid) ?? []) }
  }
  throw new RuntimeError(
    'gpu-missing',
    `Podman ${engine.version} needs a CDI spec to hand over a GPU, and there is none on this node: run nvidia-ctk cdi generate.`,
  )
}

/** By UUID where the spec names devices so, else by the index that the driver gives this UUID now. */
async function grantByCdi(method: 'cdi' | 'libpod', uuids: string[], offered: CdiDevice[]): Promise<GpuGrant> {
  const named = new Map(offered.map((device) => [device.name, device]))
  const indexes = uuids.every((uuid) => named.has(uuid)) ? new Map<string, number>() : await nvidiaIndexes()
  const devices = uuids.map((uuid) => {
    const device = named.get(uuid) ?? named.get(String(indexes.get(uuid) ?? 'unknown'))
    if (!device) throw new RuntimeError('gpu-missing', `No CDI spec of this node offers the GPU ${uuid}.`)
    return device
  })
  return {
    method,
    uuids,
    devices: devices.map((device) => `${NVIDIA_KIND}=${device.name}`),
    nodes: devices.flatMap((device) => device.nodes),
  }
}

function grantAmd(uuids: string[], amd: AmdGpu[]): GpuGrant {
  const nodes = uuids.map((uuid) => {
    const gpu = findAmdGpu(uuid, amd)
    if (!gpu) throw new RuntimeError('gpu-missing', `The driver of this node does not list ${uuid}.`)
    return gpu.renderNode
  })
  const all = [KFD, ...nodes]
  const groups = all.flatMap((node) => (existsSync(node) ? [String(statSync(node).gid)] : []))
  return { method: 'device-nodes', uuids, nodes: all, groups: [...new Set(groups)] }
}
