import { setTimeout as sleep } from 'node:timers/promises'
import { StartFailure } from './failure.mjs'

const POLL_MS = 150
const GIVE_UP_AFTER_CRASHES = 3

/**
 * Waits until `isReady` is true for a service, or says why it will not be.
 * @param {{ name: string, crashes: number, tail: string[] }} service
 * @param {() => boolean | Promise<boolean>} isReady
 * @param {{ timeoutMs: number, signal: AbortSignal }} limits
 */
export async function untilReady(service, isReady, { timeoutMs, signal }) {
  const deadline = Date.now() + timeoutMs
  while (!(await isReady())) {
    signal.throwIfAborted()
    if (service.crashes >= GIVE_UP_AFTER_CRASHES) {
      throw new StartFailure(`The ${service.name} process does not stay up. It last said:`, service.tail.join('\n'))
    }
    if (Date.now() > deadline) {
      throw new StartFailure(
        `The ${service.name} process was not ready after ${timeoutMs / 1000} s. It last said:`,
        service.tail.join('\n'),
      )
    }
    await sleep(POLL_MS)
  }
}

/** Whether a GET of the address is answered with success. */
export async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
