import type Docker from 'dockerode'
import type { Observed, ReplicaKey } from '../runtime'
import { describeEnding } from '../shared/ending'
import { freshObserved } from '../shared/observed'
import type { ContainerRecord } from './container-record'
import { LABELS } from './create-body'

type Inspected = Docker.ContainerInspectInfo

/** The engines' own words; "stopped", "configured" and "initialized" are Podman's. */
const ENDED = new Set(['exited', 'dead', 'stopped'])
const NEVER_RAN = new Set(['created', 'configured', 'initialized'])

export const hasEnded = (info: Inspected): boolean => ENDED.has(info.State.Status)

/** A container that was made and never ran: what a failed start or a crash in between leaves behind. */
export const neverRan = (info: Inspected): boolean => NEVER_RAN.has(info.State.Status)

/** null for a container that is not ours. */
export function keyOf(labels: Record<string, string> | undefined, owner: string): ReplicaKey | null {
  const replicaId = labels?.[LABELS.replica]
  const generation = Number(labels?.[LABELS.generation])
  if (!replicaId || !Number.isInteger(generation) || labels?.[LABELS.owner] !== owner) return null
  return { replicaId, generation, workloadName: labels[LABELS.workload] ?? '' }
}

export function isOwn(info: Inspected, key: Pick<ReplicaKey, 'replicaId' | 'generation'>, owner: string): boolean {
  const found = keyOf(info.Config.Labels, owner)
  return found?.replicaId === key.replicaId && found.generation === key.generation
}

/** The engine's view and our record together, without health and without a running GPU check. */
export function observeContainer(record: ContainerRecord, info: Inspected | null, oomKilled: boolean | null): Observed {
  const base = { ...freshObserved(record.key), gpuVerified: record.gpuVerified }
  const times = info ? timesOf(info) : { startedAtMs: null, finishedAtMs: null }
  if (record.failure) {
    const { code, message, atMs } = record.failure
    const phase = record.stopAsked && code === 'stopped' ? 'exited' : 'failed'
    return { ...base, ...times, phase, finishedAtMs: atMs, reason: { code, message } }
  }
  if (!info) return { ...base, phase: record.stopAsked ? 'stopping' : 'pending' }
  if (hasEnded(info)) {
    return {
      ...base,
      ...times,
      ...describeEnding({ exitCode: info.State.ExitCode, oomKilled, stopAsked: record.stopAsked }),
    }
  }
  if (neverRan(info)) return { ...base, phase: 'starting' }
  return {
    ...base,
    startedAtMs: times.startedAtMs,
    phase: record.stopAsked ? 'stopping' : 'running',
    endpoints: endpointsOf(info),
  }
}

/** Ports as they are published, each once (an engine may list the same one for IPv4 and IPv6). */
function endpointsOf(info: Inspected): Observed['endpoints'] {
  const ports = Object.entries(info.NetworkSettings.Ports ?? {})
  return ports.flatMap(([name, bindings]) => {
    const first = bindings?.find((binding) => !binding.HostIp.includes(':')) ?? bindings?.[0]
    if (!first || !name.endsWith('/tcp')) return []
    const address = first.HostIp === '' || first.HostIp === '0.0.0.0' ? '127.0.0.1' : first.HostIp
    return [{ containerPort: Number.parseInt(name, 10), hostPort: Number(first.HostPort), address }]
  })
}

/** The container's own address on its bridge, for a health check on a port that is not published. */
export function bridgeAddressOf(info: Inspected): string | null {
  const networks = Object.values(info.NetworkSettings.Networks ?? {})
  return networks.map((network) => network.IPAddress).find((address) => address !== '') ?? null
}

/** Podman stamps the start after the fact: what was over at once would have ended before it started. */
function timesOf(info: Inspected): Pick<Observed, 'startedAtMs' | 'finishedAtMs'> {
  const startedAtMs = timeOf(info.State.StartedAt)
  const finishedAtMs = timeOf(info.State.FinishedAt)
  const both = startedAtMs !== null && finishedAtMs !== null
  return { startedAtMs: both ? Math.min(startedAtMs, finishedAtMs) : startedAtMs, finishedAtMs }
}

/** Engines write the year 1 (Docker) or 0001-01-01 for "never". */
function timeOf(text: string | undefined): number | null {
  const ms = Date.parse(text ?? '')
  return Number.isFinite(ms) && ms > 0 ? ms : null
}
