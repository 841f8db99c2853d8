import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import type Docker from 'dockerode'
import { runInContainer } from '../container/container-exec'
import type { GpuGrant } from './gpu-grant'

export interface GpuVerdict {
  passed: boolean
  problem: string | null
}

const SMI_TIMEOUT_MS = 60_000
const PASSED: GpuVerdict = { passed: true, problem: null }

/**
 * Did the container get exactly these GPUs? Two engines drop the request without a word, so nothing is believed:
 * nvidia-smi inside is asked first; where the image has none, the device nodes are looked at from outside.
 */
export async function verifyGpus(container: Docker.Container, pid: number, grant: GpuGrant): Promise<GpuVerdict> {
  if (grant.method === 'none') return PASSED
  if (grant.method !== 'device-nodes') {
    const listed = await runInContainer(container, ['nvidia-smi', '-L'], SMI_TIMEOUT_MS)
    if (listed.exitCode === 0) return judgeListing(grant.uuids, listed.output)
    if (listed.exitCode !== null && listed.exitCode !== 126 && listed.exitCode !== 127) {
      return { passed: false, problem: `nvidia-smi in the container failed: ${listed.output.trim().slice(0, 200)}` }
    }
  }
  return judgeNodes(pid, grant.uuids.length, grant.nodes)
}

function judgeListing(uuids: string[], output: string): GpuVerdict {
  const seen = [...output.matchAll(/UUID: ([^)\s]+)\)/g)].map((match) => match[1] ?? '')
  const missing = uuids.filter((uuid) => !seen.includes(uuid))
  if (missing.length > 0) return { passed: false, problem: `The container does not see ${missing.join(', ')}.` }
  // A MIG slice is listed under its GPU, so the GPU's own line is no excess then.
  const excess = seen.filter((uuid) => !uuids.includes(uuid))
  const slices = uuids.some((uuid) => uuid.startsWith('MIG-'))
  if (excess.length > 0 && !slices)
    return { passed: false, problem: `The container also sees ${excess.join(', ')}, which it was not given.` }
  return PASSED
}

function judgeNodes(pid: number, wanted: number, nodes: string[]): GpuVerdict {
  if (nodes.length < wanted) {
    return {
      passed: false,
      problem: 'The container has no nvidia-smi, and it is not known which device nodes it should have.',
    }
  }
  const root = `/proc/${pid}/root`
  if (!existsSync(root))
    return { passed: false, problem: 'The container could not be looked into, so the GPUs are not verified.' }
  const missing = nodes.filter((node) => !isDevice(path.join(root, node)))
  return missing.length === 0
    ? PASSED
    : { passed: false, problem: `The container does not have ${missing.join(', ')}.` }
}

function isDevice(file: string): boolean {
  try {
    return statSync(file).isCharacterDevice()
  } catch {
    return false
  }
}
