import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const QUERY_TIMEOUT_MS = 20_000
const KFD_NODES = '/sys/class/kfd/kfd/topology/nodes'

/** The index of each NVIDIA GPU by UUID as the driver counts now; empty where there is none or the driver does not answer. */
export async function nvidiaIndexes(): Promise<Map<string, number>> {
  try {
    const { stdout } = await run('nvidia-smi', ['--query-gpu=uuid,index', '--format=csv,noheader'], {
      timeout: QUERY_TIMEOUT_MS,
    })
    const rows = stdout.split('\n').map((line) => line.split(',').map((cell) => cell.trim()))
    return new Map(
      rows.flatMap(([uuid, index]) => (uuid && /^\d+$/.test(index ?? '') ? [[uuid, Number(index)] as const] : [])),
    )
  } catch {
    return new Map()
  }
}

/** The device node of each NVIDIA GPU by UUID, as the kernel driver tells it; empty without that driver. */
export function nvidiaNodes(gpusFolder = '/proc/driver/nvidia/gpus'): Map<string, string> {
  const nodes = new Map<string, string>()
  for (const name of listNames(gpusFolder)) {
    const text = readText(path.join(gpusFolder, name, 'information'))
    const uuid = /^GPU UUID:\s+(\S+)/m.exec(text)?.[1]
    const minor = /^Device Minor:\s+(\d+)/m.exec(text)?.[1]
    if (uuid && minor) nodes.set(uuid, `/dev/nvidia${minor}`)
  }
  return nodes
}

export interface AmdGpu {
  /** The driver's unique id as 16 hexadecimal digits. */
  uniqueId: string
  renderNode: string
}

/** The AMD GPUs that the kernel's compute driver lists. */
export function amdGpus(nodesFolder: string = KFD_NODES): AmdGpu[] {
  return listNames(nodesFolder).flatMap((name) => {
    const properties = readProperties(path.join(nodesFolder, name, 'properties'))
    const uniqueId = BigInt(properties.get('unique_id') ?? 0)
    const minor = Number(properties.get('drm_render_minor') ?? 0)
    if (uniqueId === 0n || minor === 0) return []
    return [{ uniqueId: uniqueId.toString(16).padStart(16, '0'), renderNode: `/dev/dri/renderD${minor}` }]
  })
}

/** AMD's tools write the id as "0x…" or "GPU-…". */
export const amdUniqueId = (uuid: string): string =>
  uuid
    .replace(/^(GPU-|0x)+/i, '')
    .toLowerCase()
    .padStart(16, '0')

export const findAmdGpu = (uuid: string, gpus: AmdGpu[]): AmdGpu | undefined =>
  gpus.find((gpu) => gpu.uniqueId === amdUniqueId(uuid))

function readProperties(file: string): Map<string, string> {
  const pairs = readText(file)
    .split('\n')
    .map((line) => line.split(' '))
  return new Map(pairs.flatMap(([name, value]) => (name && value ? [[name, value] as const] : [])))
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
