import type { ReplicaView } from '@clawbernetes/protocol/views/workload'
import type { Tone } from '../../ui/status-pill'

type Presentation = { tone: Tone; shape?: string; word: string }

const PHASES = {
  assigned: { tone: 'pend', word: 'Assigned' },
  pending: { tone: 'pend', word: 'Pending' },
  pulling: { tone: 'info', shape: '◐', word: 'Pulling image' },
  starting: { tone: 'info', shape: '◐', word: 'Starting' },
  running: { tone: 'ok', word: 'Running' },
  ready: { tone: 'ok', word: 'Ready' },
  stopping: { tone: 'info', shape: '◐', word: 'Stopping' },
  exited: { tone: 'none', shape: '■', word: 'Exited' },
  failed: { tone: 'crit', word: 'Failed' },
  lost: { tone: 'crit', word: 'Lost' },
} as const satisfies Record<ReplicaView['phase'], Presentation>

/** A phase that this build does not know is shown as it is. */
export function presentReplicaPhase(phase: string): Presentation {
  return Object.hasOwn(PHASES, phase) ? PHASES[phase as ReplicaView['phase']] : { tone: 'none', word: phase }
}
