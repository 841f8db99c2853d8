import { Faults, type FakeServer, sendJson, serve } from './http-fake'

export interface SlackPost {
  channel: string
  ts: string
  threadTs: string | null
  text: string
  blocks: Record<string, unknown>[]
  metadata: { event_type?: string; event_payload?: { post?: string } } | null
  edits: number
  /** Only for one person. */
  user: string | null
}

/** Slack's Web API as far as we use it: posts, updates, whispers, dialogues, and who is who. Limits are checked like there. */
export class FakeSlack {
  readonly posts: SlackPost[] = []
  readonly calls: { method: string; args: Record<string, unknown>; token: string; atMs: number }[] = []
  readonly views: { trigger: string; view: Record<string, unknown> }[] = []
  readonly faults = new Faults()
  readonly tokens = new Set(['xoxb-test-token-1'])
  readonly channels = [
    { id: 'C0OPS', name: 'gpu-ops', is_private: false },
    { id: 'C0ALERTS', name: 'alerts', is_private: true },
  ]
  readonly names = new Map<string, string>()
  private clock = 1_790_000_000
  private server!: FakeServer

  static async start(): Promise<FakeSlack> {
    const fake = new FakeSlack()
    fake.server = await serve((request, body, response) => {
      const method = (request.url ?? '').replace(/^\/api\//, '').split('?')[0] ?? ''
      const token = (request.headers.authorization ?? '').replace(/^Bearer /, '')
      const args = decode(body)
      fake.calls.push({ method, args, token, atMs: Date.now() })
      const fault = fake.faults.take(method)
      if (fault?.kind === 'down') return void request.socket.destroy()
      if (fault?.kind === 'rate')
        return sendJson(
          response,
          429,
          { ok: false, error: 'ratelimited' },
          { 'retry-after': String(fault.retryAfterS) },
        )
      if (fault?.kind === 'error') return sendJson(response, 200, { ok: false, error: fault.error })
      if (!fake.tokens.has(token)) return sendJson(response, 200, { ok: false, error: 'invalid_auth' })
      const answer = fake.answer(method, args)
      if (fault?.kind === 'lost') return void request.socket.destroy()
      sendJson(response, 200, answer)
    })
    return fake
  }

  get url(): string {
    return `${this.server.url}/api/`
  }
  close(): Promise<void> {
    return this.server.close()
  }
  /** What everybody sees in a channel. */
  public(channel: string): SlackPost[] {
    return this.posts.filter((p) => p.channel === channel && p.user === null)
  }
  whispers(user: string): SlackPost[] {
    return this.posts.filter((p) => p.user === user)
  }
  nextTs(): string {
    this.clock += 1
    return `${this.clock}.000100`
  }

  private answer(method: string, args: Record<string, unknown>): object {
    switch (method) {
      case 'auth.test':
        return { ok: true, team_id: 'T0ACME', team: 'Acme', user_id: 'U0BOT', user: 'clawbernetes' }
      case 'users.conversations':
        return { ok: true, channels: this.channels }
      case 'users.info':
        return { ok: true, user: { profile: { display_name: this.names.get(String(args.user)) ?? String(args.user) } } }
      case 'chat.postMessage':
      case 'chat.postEphemeral':
        return this.post(args, method === 'chat.postEphemeral' ? String(args.user) : null)
      case 'chat.update':
        return this.update(args)
      case 'views.open':
        this.views.push({ trigger: String(args.trigger_id), view: args.view as Record<string, unknown> })
        return { ok: true }
      case 'conversations.replies':
      case 'conversations.history':
        return {
          ok: true,
          messages: this.posts
            .filter((p) => p.channel === args.channel && p.user === null)
            .map((p) => ({ ts: p.ts, metadata: p.metadata })),
        }
      default:
        return { ok: false, error: 'unknown_method' }
    }
  }

  private post(args: Record<string, unknown>, user: string | null): object {
    const blocks = (args.blocks ?? []) as Record<string, unknown>[]
    if (!fits(blocks)) return { ok: false, error: 'invalid_blocks' }
    const post: SlackPost = {
      channel: String(args.channel),
      ts: this.nextTs(),
      threadTs: typeof args.thread_ts === 'string' ? args.thread_ts : null,
      text: typeof args.text === 'string' ? args.text : '',
      blocks,
      metadata: (args.metadata as SlackPost['metadata']) ?? null,
      edits: 0,
      user,
    }
    this.posts.push(post)
    return { ok: true, channel: post.channel, ts: post.ts }
  }

  private update(args: Record<string, unknown>): object {
    const post = this.posts.find((p) => p.channel === args.channel && p.ts === args.ts)
    if (!post) return { ok: false, error: 'message_not_found' }
    const blocks = (args.blocks ?? []) as Record<string, unknown>[]
    if (!fits(blocks)) return { ok: false, error: 'invalid_blocks' }
    post.blocks = blocks
    post.text = typeof args.text === 'string' ? args.text : ''
    post.edits += 1
    return { ok: true, channel: post.channel, ts: post.ts }
  }
}

/** Slack's own limits of Block Kit. */
function fits(blocks: Record<string, unknown>[]): boolean {
  const ids = blocks.flatMap((b) => (typeof b.block_id === 'string' ? [b.block_id] : []))
  if (blocks.length > 50 || new Set(ids).size !== ids.length) return false
  return blocks.every((b) => {
    const text = (b.text as { text?: string } | undefined)?.text
    if (text !== undefined && (text.length < 1 || text.length > 3000)) return false
    const fields = b.fields as { text: string }[] | undefined
    if (fields && (fields.length > 10 || fields.some((f) => f.text.length > 2000))) return false
    if (b.type !== 'actions') return true
    const elements = b.elements as {
      action_id: string
      value?: string
      text: { text: string }
      confirm?: { text: { text: string } }
    }[]
    const actions = elements.map((e) => e.action_id)
    return (
      elements.length <= 25 &&
      new Set(actions).size === actions.length &&
      elements.every(
        (e) => e.text.text.length <= 75 && (e.value ?? '').length <= 2000 && (e.confirm?.text.text.length ?? 0) <= 300,
      )
    )
  })
}

const STRUCTURES = ['blocks', 'metadata', 'view']
/** The client sends forms in which structures are JSON. */
function decode(body: string): Record<string, unknown> {
  const args: Record<string, unknown> = {}
  for (const [key, value] of new URLSearchParams(body)) {
    args[key] = STRUCTURES.includes(key) ? JSON.parse(value) : value
  }
  return args
}

/** Everything that a person can read of a post, and the buttons on it. */
export const textOf = (post: SlackPost): string => JSON.stringify(post.blocks)
export interface SlackButton {
  action_id: string
  block_id: string
  value?: string
  url?: string
  text: { text: string }
  confirm?: { text: { text: string } }
}
export const buttonsOf = (post: SlackPost): SlackButton[] =>
  post.blocks.flatMap((b) =>
    b.type === 'actions' ? (b.elements as SlackButton[]).map((e) => ({ ...e, block_id: String(b.block_id) })) : [],
  )
