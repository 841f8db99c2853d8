import type { SystemCtx } from '@clawbernetes/services/context'
import { ring } from '@clawbernetes/services/log/ring'

/** Notifications serialise commits, so a busy log rings at most this often per workload. */
const EVERY_MS = 300

/** Tells browsers that a workload has new lines; they read after their cursor. At once, and once more at the end of a burst. */
export function logBell(sys: SystemCtx): { ring(orgId: string, workloadId: string): void; stop(): void } {
  const waiting = new Map<string, { timer: NodeJS.Timeout; again: boolean }>()
  const send = (orgId: string, workloadId: string): void => {
    const entry = { again: false, timer: setTimeout(() => after(orgId, workloadId), EVERY_MS) }
    waiting.set(workloadId, entry)
    ring(sys.db, { topic: 'event', orgId, room: `logs:${workloadId}`, seq: '0' }).catch(() => {
      // A bell that did not ring costs a moment: readers look by themselves as well.
    })
  }
  const after = (orgId: string, workloadId: string): void => {
    const again = waiting.get(workloadId)?.again
    waiting.delete(workloadId)
    if (again) send(orgId, workloadId)
  }
  return {
    ring: (orgId, workloadId) => {
      const entry = waiting.get(workloadId)
      if (entry) entry.again = true
      else send(orgId, workloadId)
    },
    stop: () => {
      for (const { timer } of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
