export type JoinAddresses = {
  /** Where the joining machine fetches the agent from. */
  webUrl: string
  /** Where the agent connects to. */
  gatewayUrl: string
}

type Environment = {
  /** Address of this web server as the operator knows it. */
  publicUrl: string | undefined
  /** Set by an operator whose gateway is reached at an address of its own; goes before everything else. */
  gatewayPublicUrl: string | undefined
  gatewayUrl: string | undefined
  gatewayPort: string | undefined
}

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * The addresses a joining machine can reach: the one it asked at is known to work from there, while the configured one
 * may be a loopback address that is right only on this machine. null: nothing usable is configured or asked for.
 */
export function joinAddresses(headers: Headers, requestProtocol: string, env: Environment): JoinAddresses | null {
  const asked = askedOrigin(headers, requestProtocol)
  const configured = parse(env.publicUrl)
  const web = asked && asked.host !== configured?.host ? asked : (configured ?? asked)
  if (!web) return null
  const own = parse(env.gatewayPublicUrl)
  if (own) return { webUrl: web.origin, gatewayUrl: own.href.replace(/\/+$/, '') }
  const gateway = parse(env.gatewayUrl)
  if (gateway && (!LOOPBACK.test(gateway.hostname) || LOOPBACK.test(web.hostname)))
    return { webUrl: web.origin, gatewayUrl: gateway.href.replace(/\/+$/, '') }
  const port = gateway?.port || env.gatewayPort
  if (!port || !/^\d{1,5}$/.test(port)) return null
  return { webUrl: web.origin, gatewayUrl: `http://${web.hostname}:${port}` }
}

function askedOrigin(headers: Headers, requestProtocol: string): URL | null {
  const host = headers.get('x-forwarded-host') ?? headers.get('host') ?? ''
  if (!HOST.test(host)) return null
  const forwarded = headers.get('x-forwarded-proto')?.split(',')[0]?.trim()
  const protocol = forwarded === 'https' || forwarded === 'http' ? `${forwarded}:` : requestProtocol
  return parse(`${protocol === 'https:' ? 'https:' : 'http:'}//${host}`)
}

function parse(url: string | undefined): URL | null {
  try {
    const parsed = new URL(url ?? '')
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed : null
  } catch {
    return null
  }
}
