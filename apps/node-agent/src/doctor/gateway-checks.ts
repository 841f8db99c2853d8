import { ENROL_PATH } from '@clawbernetes/protocol/node/session'
import { type Finding, fail, ok, skip, warn } from './finding'

const TIMEOUT_MS = 8_000
const SKEW_WARN_MS = 2_000
const SKEW_FAIL_MS = 60_000

/** Is the gateway there, and do the two clocks agree? Its Date header has a resolution of a second. */
export async function gateway(url: string | null, now: () => number = Date.now): Promise<Finding[]> {
  if (url === null) return [skip('gateway', 'Not joined: give --server URL to check the gateway.')]
  const startedMs = now()
  let response: Response
  try {
    response = await fetch(`${url}${ENROL_PATH}`, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message
    return [
      fail(
        'gateway',
        `${url} cannot be reached: ${cause}.`,
        `curl -v ${url}${ENROL_PATH}   (firewall, name, proxy; the gateway listens on GATEWAY_HOST and GATEWAY_PORT)`,
      ),
    ]
  }
  const reached = ok('gateway', `${url} answers in ${now() - startedMs} ms`)
  const theirMs = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(theirMs)) return [reached, skip('clock', 'The gateway does not tell its time.')]
  return [reached, clock(theirMs, startedMs, now())]
}

/**
 * @param theirMs the gateway's time, cut to the second
 * @param sentMs, answeredMs this machine's time around the question
 */
export function clock(theirMs: number, sentMs: number, answeredMs: number): Finding {
  // Their moment lies in [theirMs, theirMs + 1 s); ours in [sentMs, answeredMs].
  const behindMs = Math.max(0, theirMs - answeredMs)
  const aheadMs = Math.max(0, sentMs - (theirMs + 1_000))
  const skewMs = Math.max(behindMs, aheadMs)
  const seconds = (skewMs / 1000).toFixed(1)
  const fix = 'timedatectl set-ntp true   (or: apt-get install -y chrony)'
  const which = aheadMs > behindMs ? 'ahead of' : 'behind'
  if (skewMs >= SKEW_FAIL_MS)
    return fail(
      'clock',
      `This machine’s clock is ${seconds} s ${which} the gateway’s: commands would expire, charts would lie.`,
      fix,
    )
  return skewMs >= SKEW_WARN_MS
    ? warn('clock', `This machine’s clock is ${seconds} s ${which} the gateway’s.`, fix)
    : ok('clock', 'The clock agrees with the gateway’s')
}
