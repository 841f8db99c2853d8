import type { WorkloadStatusName } from '@clawbernetes/protocol/views/workload'
import { WORKLOAD_STATUS_WORDS } from '@clawbernetes/protocol/views/state-words'
import type { Tone } from '../../../ui/status-pill'

type Presentation = { tone: Tone; shape: string; word: string }

const STATUSES = {
  pending: { tone: 'pend', shape: '◷', word: WORKLOAD_STATUS_WORDS.pending },
  placed: { tone: 'pend', shape: '◷', word: WORKLOAD_STATUS_WORDS.placed },
  starting: { tone: 'info', shape: '◐', word: WORKLOAD_STATUS_WORDS.starting },
  running: { tone: 'ok', shape: '●', word: WORKLOAD_STATUS_WORDS.running },
  degraded: { tone: 'warn', shape: '▲', word: WORKLOAD_STATUS_WORDS.degraded },
  stopping: { tone: 'info', shape: '◐', word: WORKLOAD_STATUS_WORDS.stopping },
  stopped: { tone: 'pend', shape: '■', word: WORKLOAD_STATUS_WORDS.stopped },
  succeeded: { tone: 'ok', shape: '✓', word: WORKLOAD_STATUS_WORDS.succeeded },
  failed: { tone: 'crit', shape: '◆', word: WORKLOAD_STATUS_WORDS.failed },
} as const satisfies Record<WorkloadStatusName, Presentation>

/** A status that this build does not know is shown as it is, not hidden. */
export function presentWorkloadStatus(status: string): Presentation {
  return Object.hasOwn(STATUSES, status)
    ? STATUSES[status as WorkloadStatusName]
    : { tone: 'none', shape: '○', word: status }
}
