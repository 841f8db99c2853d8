import 'server-only'
import { ServiceError } from '@clawbernetes/services/errors'
import { personCtx, resolveActor } from '@clawbernetes/services/identity/resolve-actor'
import { exportAudit, type exportAuditInput } from '@clawbernetes/services/log/export-audit'
import type * as z from 'zod'
import { callerAddress } from '@/trpc/caller-address'

const STATUS: Partial<Record<ServiceError['code'], number>> = { forbidden: 403, invalid: 400, unauthenticated: 401 }
const TYPES = { jsonl: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' }

/** GET /api/audit/export?format=jsonl|csv and the filters of the screen: a download, streamed as it is read. */
export async function exportResponse(request: Request): Promise<Response> {
  const signedIn = await resolveActor(request.headers)
  if (!signedIn) return Response.json({ message: 'Sign in to go on.' }, { status: 401 })
  const asked = Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ''))
  try {
    const input = asked as z.input<typeof exportAuditInput>
    const { fileName, lines } = await exportAudit({ ctx: personCtx(signedIn, callerAddress(request.headers)), input })
    return new Response(streamOf(lines), {
      headers: {
        'content-type': fileName.endsWith('.csv') ? TYPES.csv : TYPES.jsonl,
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return Response.json({ message: error.message }, { status: STATUS[error.code] ?? 400 })
  }
}

/** The next piece is read when the last one was taken: a slow download holds no rows in memory. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}
