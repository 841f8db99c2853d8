import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { amdGpus, amdUniqueId, findAmdGpu, nvidiaIndexes } from '../gpu/host-gpus'
import { type ReplicaKey, RuntimeError } from '../runtime'
import { exists, requireMounts } from '../shared/mounts'
import { membershipEnv } from './members'
import { currentBootId } from './proc-table'
import type { ProcessOrder } from './process-files'

/** What a process may see of the agent's own environment; anything else could be a secret of the machine's owner. */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'CUDA_HOME',
  'CUDA_PATH',
  'ROCM_PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
]

/** Checks a spec against this machine and makes the complete order of it. */
export async function prepareOrder(owner: string, key: ReplicaKey, spec: ReplicaSpec): Promise<ProcessOrder> {
  if (!spec.command[0])
    throw new RuntimeError('command-missing', 'A plain process needs a command: name the program to run.')
  await requireMounts(spec.mounts)
  for (const mount of spec.mounts) await requireSamePath(mount.hostPath, mount.containerPath)
  if (spec.workdir && !(await exists(spec.workdir))) {
    throw new RuntimeError('mount-missing', `The working directory ${spec.workdir} does not exist on this node.`)
  }
  const env = {
    ...inheritedEnv(),
    ...portEnv(spec),
    ...spec.env,
    ...(await gpuEnv(spec.gpuUuids)),
    ...membershipEnv(key),
  }
  const file = await findCommand(spec.command[0], spec.workdir, env['PATH'] ?? '')
  return { version: 1, owner, key: { ...key }, spec, file, env, bootId: currentBootId() }
}

/** A process sees the machine's own folders: a path cannot have another name in it, as it can in a container. */
async function requireSamePath(hostPath: string, seenAs: string): Promise<void> {
  const real = await realpath(seenAs).catch(() => null)
  if (real === (await realpath(hostPath))) return
  throw new RuntimeError(
    'invalid-spec',
    `A plain process sees ${hostPath} under its own name; ${seenAs} is something else on this node.`,
  )
}

const inheritedEnv = () =>
  Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ) as Record<string, string>

/** A process chooses its port itself; PORT tells it which one is announced for it. */
const portEnv = (spec: ReplicaSpec): Record<string, string> => {
  const first = spec.ports[0]
  return first ? { PORT: String(first.hostPort || first.containerPort) } : {}
}

/** Exactly the GPUs given, by UUID; none given means none seen. */
async function gpuEnv(uuids: string[]): Promise<Record<string, string>> {
  if (uuids.length === 0) return { CUDA_VISIBLE_DEVICES: '', NVIDIA_VISIBLE_DEVICES: 'void', ROCR_VISIBLE_DEVICES: '' }
  const amd = amdGpus()
  if (uuids.every((uuid) => findAmdGpu(uuid, amd))) {
    return { ROCR_VISIBLE_DEVICES: uuids.map((uuid) => `GPU-${amdUniqueId(uuid)}`).join(',') }
  }
  const nvidia = await nvidiaIndexes()
  const missing = uuids.filter((uuid) => !nvidia.has(uuid))
  if (missing.length > 0)
    throw new RuntimeError('gpu-missing', `The driver of this node does not list ${missing.join(', ')}.`)
  return { CUDA_VISIBLE_DEVICES: uuids.join(','), NVIDIA_VISIBLE_DEVICES: uuids.join(',') }
}

async function findCommand(command: string, workdir: string | null, searchPath: string): Promise<string> {
  const candidates = command.includes('/')
    ? [path.resolve(workdir ?? '/', command)]
    : searchPath
        .split(':')
        .filter(Boolean)
        .map((folder) => path.join(folder, command))
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate
  }
  const next = command.includes('/')
    ? 'Copy it there and make it executable, or name a container image that has it.'
    : 'Install it there, give its full path, or name a container image that has it.'
  throw new RuntimeError('command-missing', `There is no program ${command} on this node. ${next}`)
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
