import { joinAddresses } from '@/features/onboarding/join-addresses'
import { joinScript } from '@/features/onboarding/join-script'
import { AGENT_FILE_NAME, nodeAgentFile } from '@/features/onboarding/node-agent-file'

export const dynamic = 'force-dynamic'

const HEADERS = { 'content-type': 'text/x-shellscript; charset=utf-8', 'cache-control': 'no-store' }

/** A script that only says why it cannot do its work: whoever pipes it into a shell sees the sentence. */
const refusal = (sentence: string) =>
  new Response(`printf '%s\\n' 'clawbernetes: ${sentence}' >&2; exit 1\n`, { status: 200, headers: HEADERS })

/** The script that `curl … | sh` runs. It holds no secret: the token is given on the machine. */
export async function GET(request: Request): Promise<Response> {
  const addresses = joinAddresses(request.headers, new URL(request.url).protocol, {
    publicUrl: process.env.PUBLIC_URL ?? process.env.BETTER_AUTH_URL,
    gatewayPublicUrl: process.env.GATEWAY_PUBLIC_URL,
    gatewayUrl: process.env.GATEWAY_URL,
    gatewayPort: process.env.GATEWAY_PORT,
  })
  if (!addresses) return refusal('this installation does not know the address of its gateway. Set GATEWAY_PUBLIC_URL.')
  const file = await nodeAgentFile().catch(() => null)
  if (!file) return refusal('this installation has no node agent built. Run npm run build there.')
  const { webUrl, gatewayUrl } = addresses
  const script = joinScript({
    fileUrl: new URL(`/node-agent/${AGENT_FILE_NAME}`, webUrl).href,
    sha256: file.sha256,
    gatewayUrl,
  })
  return new Response(script, { headers: HEADERS })
}
