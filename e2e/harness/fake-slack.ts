import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeSlack {
  /** What the product's SLACK_API_URL is to be. */
  url: string
  close(): Promise<void>
}

export const SLACK_TOKEN = 'xoxb-1234567890-e2e-token'
const CHANNELS = [{ id: 'C0OPS', name: 'gpu-ops', is_private: false }]

/**
 * Slack's Web API on this machine, as far as connecting needs it: one token is good, every other is refused as there. Posts are kept
 * and can be read at /posts, because tests run in processes of their own.
 */
export async function fakeSlack({ port = 0 }: { port?: number } = {}): Promise<FakeSlack> {
  const posts: Record<string, string>[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const method = new URL(request.url ?? '/', 'http://slack').pathname.split('/').at(-1) ?? ''
      const args = Object.fromEntries(new URLSearchParams(await bodyOf(request)))
      const reply = method === 'posts' ? posts : answer(method, args, request.headers.authorization ?? '', posts)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
    })()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
}

function answer(method: string, args: Record<string, string>, authorization: string, posts: Record<string, string>[]) {
  if (authorization !== `Bearer ${SLACK_TOKEN}`) return { ok: false, error: 'invalid_auth' }
  switch (method) {
    case 'auth.test':
      return { ok: true, team_id: 'T0E2E', team: 'Acme e2e', user_id: 'U0BOT', user: 'clawbernetes' }
    case 'users.conversations':
      return { ok: true, channels: CHANNELS }
    case 'conversations.history':
    case 'conversations.replies':
      return { ok: true, messages: [] }
    case 'chat.postMessage':
    case 'chat.update':
      posts.push(args)
      return { ok: true, channel: args.channel, ts: `${1_790_000_000 + posts.length}.000100` }
    default:
      return { ok: false, error: 'unknown_method' }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
