import type { ReplicaView } from '@clawbernetes/protocol/views/workload'
import { REPLICA_PHASE_WORDS } from '@clawbernetes/protocol/views/state-words'
import type { Tone } from '../../ui/status-pill'

type Presentation = { tone: Tone; shape?: string; word: string }

const PHASES = {
  assigned: { tone: 'pend', word: REPLICA_PHASE_WORDS.assigned },
  pending: { tone: 'pend', word: REPLICA_PHASE_WORDS.pending },
  pulling: { tone: 'info', shape: '◐', word: REPLICA_PHASE_WORDS.pulling },
  starting: { tone: 'info', shape: '◐', word: REPLICA_PHASE_WORDS.starting },
  running: { tone: 'ok', word: REPLICA_PHASE_WORDS.running },
  ready: { tone: 'ok', word: REPLICA_PHASE_WORDS.ready },
  stopping: { tone: 'info', shape: '◐', word: REPLICA_PHASE_WORDS.stopping },
  exited: { tone: 'none', shape: '■', word: REPLICA_PHASE_WORDS.exited },
  failed: { tone: 'crit', word: REPLICA_PHASE_WORDS.failed },
  lost: { tone: 'crit', word: REPLICA_PHASE_WORDS.lost },
} as const satisfies Record<ReplicaView['phase'], Presentation>

/** A phase that this build does not know is shown as it is. */
export function presentReplicaPhase(phase: string): Presentation {
  return Object.hasOwn(PHASES, phase) ? PHASES[phase as ReplicaView['phase']] : { tone: 'none', word: phase }
}
