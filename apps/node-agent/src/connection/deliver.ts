import { type AgentLog, reasonOf } from '../agent-log'
import type { Clock } from '../clock'
import { OfflineError, RefusedError } from './gateway-connection'

/** Refusals of the message itself: the same bytes will never be taken. */
const HOPELESS = new Set(['malformed', 'too-large', 'invalid', 'unknown-replica', 'unknown-command'])
const REFUSALS_BEFORE_DROP = 60
const RETRY_FLOOR_MS = 500
const RETRY_CAP_MS = 10_000

export type Delivery = 'delivered' | 'offline' | 'dropped'

/**
 * One message until it is acknowledged. `offline`: keep it and try when online. `dropped`: the gateway will not take it;
 * sending it for ever would hold up everything behind it. A gateway whose database is away is asked for minutes.
 */
export async function deliver(
  what: string,
  send: () => Promise<unknown>,
  log: AgentLog,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Delivery> {
  for (let refusals = 1; ; refusals++) {
    try {
      await send()
      return 'delivered'
    } catch (error) {
      if (error instanceof OfflineError) return 'offline'
      if (!(error instanceof RefusedError)) throw error
      if (HOPELESS.has(error.refusal.code) || refusals >= REFUSALS_BEFORE_DROP) {
        log.warn(`The gateway does not take ${what}: ${reasonOf(error)} It is dropped.`)
        return 'dropped'
      }
      if (refusals === 1) log.warn(`The gateway does not take ${what} just now: ${reasonOf(error)} Trying again.`)
      await clock.sleep(Math.min(RETRY_CAP_MS, RETRY_FLOOR_MS * 2 ** Math.min(refusals, 8)), signal)
      if (signal?.aborted) return 'offline'
    }
  }
}
