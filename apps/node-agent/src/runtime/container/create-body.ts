import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type Docker from 'dockerode'
import type { GpuGrant } from '../gpu/gpu-grant'
import type { ReplicaKey } from '../runtime'
import { replicaName } from '../shared/observed'

export interface ContainerOrder {
  key: ReplicaKey
  owner: string
  spec: ReplicaSpec
  image: string
  grant: GpuGrant
  /** The address of this machine that ports are published at. */
  bindAddress: string
  /** Put a small init in front, so that signals and zombies are handled; not every engine has one installed. */
  init: boolean
}

export const LABELS = {
  owner: 'clawbernetes.owner',
  replica: 'clawbernetes.replica',
  generation: 'clawbernetes.generation',
  workload: 'clawbernetes.workload',
} as const

export const MIB = 1024 * 1024
const LOG_FILE_BYTES = 16 * MIB
const LOG_FILES = 4
const DEFAULT_PIDS = 4096
/** Rights no workload needs and that reach beyond its own container. */
export const DROPPED_CAPABILITIES = ['NET_RAW', 'MKNOD', 'AUDIT_WRITE']

/** The request for the Docker-compatible API. */
export function createBody(order: ContainerOrder): Docker.ContainerCreateOptions {
  const { spec, grant } = order
  const ports = spec.ports.map((port) => ({ name: `${port.containerPort}/tcp`, hostPort: String(port.hostPort || '') }))
  return {
    name: replicaName(order.key),
    Image: order.image,
    // The whole argv replaces the image's entry point and command; none of it leaves both as they are.
    ...(spec.command.length > 0 ? { Entrypoint: spec.command, Cmd: [] } : {}),
    Env: Object.entries(containerEnv(spec, grant)).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(order),
    ...(spec.workdir ? { WorkingDir: spec.workdir } : {}),
    StopSignal: spec.stop.signal,
    ExposedPorts: Object.fromEntries(ports.map(({ name }) => [name, {}])),
    HostConfig: {
      ...limitsOf(spec),
      ...gpuOptions(grant),
      PortBindings: Object.fromEntries(
        ports.map(({ name, hostPort }) => [name, [{ HostIp: order.bindAddress, HostPort: hostPort }]]),
      ),
      Mounts: spec.mounts.map(({ hostPath, containerPath, readOnly }) => ({
        Type: 'bind',
        Source: hostPath,
        Target: containerPath,
        ReadOnly: readOnly,
      })),
      Privileged: false,
      SecurityOpt: ['no-new-privileges'],
      CapDrop: DROPPED_CAPABILITIES,
      Init: order.init,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': String(LOG_FILE_BYTES), 'max-file': String(LOG_FILES) } },
    },
  }
}

function limitsOf(spec: ReplicaSpec): Docker.HostConfig {
  return {
    // The same with swap, so that swap is no way around the limit.
    ...(spec.memoryMib === null ? {} : { Memory: spec.memoryMib * MIB, MemorySwap: spec.memoryMib * MIB }),
    ...(spec.cpus === null ? {} : { NanoCpus: Math.round(spec.cpus * 1e9) }),
    ...(spec.shmMib === null ? {} : { ShmSize: spec.shmMib * MIB }),
    PidsLimit: pidsOf(spec),
  }
}

function gpuOptions(grant: GpuGrant): Docker.HostConfig {
  switch (grant.method) {
    case 'cdi':
      return { DeviceRequests: [{ Driver: 'cdi', DeviceIDs: grant.devices }] }
    case 'nvidia':
      return { DeviceRequests: [{ Driver: 'nvidia', DeviceIDs: grant.uuids, Capabilities: [['gpu']] }] }
    case 'device-nodes':
      return {
        Devices: grant.nodes.map((node) => ({ PathOnHost: node, PathInContainer: node, CgroupPermissions: 'rw' })),
        GroupAdd: grant.groups,
      }
    case 'libpod':
    case 'none':
      return {}
  }
}

export const pidsOf = (spec: ReplicaSpec): number => spec.pidsMax ?? DEFAULT_PIDS

export const labelsOf = ({ key, owner }: ContainerOrder): Record<string, string> => ({
  [LABELS.owner]: owner,
  [LABELS.replica]: key.replicaId,
  [LABELS.generation]: String(key.generation),
  [LABELS.workload]: key.workloadName,
})

/**
 * NVIDIA's own runtime hands over whatever this variable names, and many images name all: "void" closes that way
 * wherever it is not the way we use. The engine sets it itself for its own GPU request.
 */
export const containerEnv = (spec: ReplicaSpec, grant: GpuGrant): Record<string, string> => {
  const env = { ...spec.env }
  delete env['NVIDIA_VISIBLE_DEVICES']
  return grant.method === 'nvidia' ? env : { ...env, NVIDIA_VISIBLE_DEVICES: 'void' }
}
