import { joinScript } from '@/features/onboarding/join-script'
import { AGENT_FILE_NAME, nodeAgentFile } from '@/features/onboarding/node-agent-file'

export const dynamic = 'force-dynamic'

/** The script that `curl … | sh` runs. It holds no secret: the token is given on the machine. */
export async function GET(request: Request): Promise<Response> {
  const gatewayUrl = process.env.GATEWAY_URL
  if (!gatewayUrl)
    return new Response('echo "clawbernetes: this installation has no gateway address set" >&2; exit 1\n', {
      status: 503,
    })
  const { sha256 } = await nodeAgentFile()
  const base = process.env.BETTER_AUTH_URL ?? new URL(request.url).origin
  const script = joinScript({ fileUrl: new URL(`/node-agent/${AGENT_FILE_NAME}`, base).href, sha256, gatewayUrl })
  return new Response(script, {
    headers: { 'content-type': 'text/x-shellscript; charset=utf-8', 'cache-control': 'no-store' },
  })
}
