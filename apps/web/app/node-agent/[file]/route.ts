import { AGENT_FILE_NAME, nodeAgentFile } from '@/features/onboarding/node-agent-file'

export const dynamic = 'force-dynamic'

/** The node agent and its checksum, for machines that join. Nothing else is served from here. */
export async function GET(request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const { file } = await params
  if (file !== AGENT_FILE_NAME && file !== `${AGENT_FILE_NAME}.sha256`)
    return new Response('Not found\n', { status: 404 })
  const { content, sha256 } = await nodeAgentFile()
  if (file.endsWith('.sha256'))
    return new Response(`${sha256}  ${AGENT_FILE_NAME}\n`, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
  const etag = `"${sha256}"`
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } })
  return new Response(content, {
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache', etag },
  })
}
