import { constants } from 'node:os'
import type { Engine } from './engine'
import { type ContainerOrder, containerEnv, DROPPED_CAPABILITIES, labelsOf, MIB, pidsOf } from './create-body'
import { replicaName } from '../shared/observed'

const CPU_PERIOD_US = 100_000
const LOG_BYTES = 64 * MIB

/** The same order for Podman's own API: Podman 4 takes a GPU only here, and drops the compatible request silently. */
export function libpodBody(order: ContainerOrder): Record<string, unknown> {
  const { spec, grant } = order
  return {
    name: replicaName(order.key),
    image: order.image,
    ...(spec.command.length > 0 ? { entrypoint: spec.command, command: [] } : {}),
    env: containerEnv(spec, grant),
    labels: labelsOf(order),
    ...(spec.workdir ? { work_dir: spec.workdir } : {}),
    stop_signal: constants.signals[spec.stop.signal],
    mounts: spec.mounts.map(({ hostPath, containerPath, readOnly }) => ({
      type: 'bind',
      source: hostPath,
      destination: containerPath,
      options: ['rbind', 'rprivate', readOnly ? 'ro' : 'rw'],
    })),
    portmappings: spec.ports.map(({ containerPort, hostPort }) => ({
      container_port: containerPort,
      host_port: hostPort ?? 0,
      host_ip: order.bindAddress,
      protocol: 'tcp',
    })),
    devices: grant.method === 'libpod' ? grant.devices.map((device) => ({ path: device })) : [],
    resource_limits: {
      ...(spec.memoryMib === null ? {} : { memory: { limit: spec.memoryMib * MIB, swap: spec.memoryMib * MIB } }),
      ...(spec.cpus === null ? {} : { cpu: { period: CPU_PERIOD_US, quota: Math.round(spec.cpus * CPU_PERIOD_US) } }),
      pids: { limit: pidsOf(spec) },
    },
    ...(spec.shmMib === null ? {} : { shm_size: spec.shmMib * MIB }),
    privileged: false,
    no_new_privileges: true,
    cap_drop: DROPPED_CAPABILITIES,
    init: order.init,
    log_configuration: { driver: 'k8s-file', size: LOG_BYTES },
  }
}

/** Calls libpod through the same socket; the client knows only the compatible API, so the path is given whole. */
export function createByLibpod(engine: Engine, order: ContainerOrder): Promise<unknown> {
  return new Promise((resolve, reject) => {
    engine.docker.modem.dial(
      {
        path: '/v4.0.0/libpod/containers/create?',
        method: 'POST',
        options: libpodBody(order),
        statusCodes: { 201: true, 400: 'bad parameter', 404: 'no such image', 409: 'conflict', 500: 'server error' },
      },
      (error: unknown, data: unknown) => (error ? reject(error) : resolve(data)),
    )
  })
}
