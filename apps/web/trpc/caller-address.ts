import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

const HEADER = 'x-clawbernetes-caller'

/**
 * Writes where a request came from into a header of ours, over whatever the caller may have put there. What a proxy says is
 * believed only from as many proxies as the operator named (TRUSTED_PROXIES), counted from our end: a caller can write the rest.
 */
export function stampCaller(request: IncomingMessage, trustedProxies: number): void {
  const hops = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => plainAddress(hop.trim()))
  const said = trustedProxies > 0 ? hops.at(-trustedProxies) : null
  const address = said ?? plainAddress(request.socket.remoteAddress ?? '')
  if (address) request.headers[HEADER] = address
  else delete request.headers[HEADER]
}

/** The caller's IP address; null where the server did not learn it. */
export const callerAddress = (headers: Headers): string | null => plainAddress(headers.get(HEADER) ?? '')

/** IPv4 that comes in over an IPv6 socket as the IPv4 it is; anything that is no address is none. */
function plainAddress(text: string): string | null {
  const address = text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text
  return isIP(address) ? address : null
}

/** How many proxies stand before this server; anything that is no number is none. */
export const trustedProxies = (env: Record<string, string | undefined>): number => {
  const count = Number(env.TRUSTED_PROXIES ?? 0)
  return Number.isInteger(count) && count > 0 ? count : 0
}
