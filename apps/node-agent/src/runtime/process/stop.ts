import { setTimeout as sleep } from 'node:timers/promises'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { writeJsonFile } from '../shared/json-file'
import { membersOf, signalAll } from './members'
import type { ProcessFiles } from './process-files'
import { readRecord } from './process-record'
import { concludeUnwatched, hasMembers } from './supervisors'

const POLL_MS = 25
/** Between two rounds of SIGKILL for what does not go: it may be stuck in a driver, and may have changed its number of processes. */
const KILL_AGAIN_MS = 1000
const STUCK_MS = 10_000

/**
 * Asks the whole group to end, waits, kills it; returns when the end is on record. The request is written down first, so
 * that an end by signal is known as asked for even when the agent dies in between.
 */
export async function stopProcess(
  files: ProcessFiles,
  stop: ReplicaSpec['stop'],
  onProgress: (stuck: boolean) => void,
): Promise<void> {
  const askedAtMs = Date.now()
  if (readRecord(files)?.exit) return
  writeJsonFile(files.stop, { askedAtMs, ...stop })
  onProgress(false)
  let asked = false
  let killAtMs = askedAtMs + stop.graceMs
  for (;;) {
    const record = readRecord(files)
    if (!record || record.exit) return
    if (record.child && !asked) {
      asked = true
      if (stop.graceMs > 0) signalAll(membersOf(record.order.key, record.child), stop.signal)
    }
    if (Date.now() >= askedAtMs + stop.graceMs + STUCK_MS) onProgress(true)
    if (Date.now() >= killAtMs) {
      killAtMs = Date.now() + KILL_AGAIN_MS
      signalAll(membersOf(record.order.key, record.child), 'SIGKILL')
    }
    if (!record.supervised && !hasMembers(record)) concludeUnwatched(files, record, null)
    await sleep(POLL_MS)
  }
}
