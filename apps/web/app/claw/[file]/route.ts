import { CLAW_FILE_NAME, clawFile } from '@/features/onboarding/claw-file'

export const dynamic = 'force-dynamic'

const words = (status: number, text: string) =>
  new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })

/** The claw command and its checksum. Nothing else is served from here. */
export async function GET(request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const { file } = await params
  if (file !== CLAW_FILE_NAME && file !== `${CLAW_FILE_NAME}.sha256`) return words(404, 'Not found')
  const found = await clawFile()
  if (!found) return words(404, 'This installation has no claw built. Run npm run build there.')
  if (file.endsWith('.sha256')) return words(200, `${found.sha256}  ${CLAW_FILE_NAME}`)
  const etag = `"${found.sha256}"`
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } })
  return new Response(found.content, {
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache', etag },
  })
}
