export const dynamic = 'force-dynamic'

/** Says that this process answers; it asks nothing of the database, so that a slow query never restarts the web app. */
export function GET(): Response {
  return Response.json({ ok: true, atMs: Date.now() }, { headers: { 'cache-control': 'no-store' } })
}
