import type { WorkloadStatusName } from '@clawbernetes/protocol/views/workload'
import type { Tone } from '../../../ui/status-pill'

type Presentation = { tone: Tone; shape: string; word: string }

const STATUSES = {
  pending: { tone: 'pend', shape: '◷', word: 'Pending' },
  placed: { tone: 'pend', shape: '◷', word: 'Placed' },
  starting: { tone: 'info', shape: '◐', word: 'Starting' },
  running: { tone: 'ok', shape: '●', word: 'Running' },
  degraded: { tone: 'warn', shape: '▲', word: 'Degraded' },
  stopping: { tone: 'info', shape: '◐', word: 'Stopping' },
  stopped: { tone: 'pend', shape: '■', word: 'Stopped' },
  succeeded: { tone: 'ok', shape: '✓', word: 'Succeeded' },
  failed: { tone: 'crit', shape: '◆', word: 'Failed' },
} as const satisfies Record<WorkloadStatusName, Presentation>

/** A status that this build does not know is shown as it is, not hidden. */
export function presentWorkloadStatus(status: string): Presentation {
  return Object.hasOwn(STATUSES, status)
    ? STATUSES[status as WorkloadStatusName]
    : { tone: 'none', shape: '○', word: status }
}
