import { Faults, type FakeServer, sendJson, serve } from './http-fake'

interface Embed {
  title?: string
  description?: string
  fields?: { name: string; value: string }[]
  footer?: { text: string }
}
interface Button {
  type: number
  style: number
  label: string
  custom_id?: string
  url?: string
}
export interface DiscordPost {
  id: string
  channel: string
  embeds: Embed[]
  components: { components: Button[] }[]
  allowed_mentions: { parse: string[] } | null
  nonce: string | null
  edits: number
}

/** Discord's REST API as far as we use it, with its own limits and its check of nonces. */
export class FakeDiscord {
  readonly posts: DiscordPost[] = []
  readonly calls: {
    method: string
    path: string
    auth: string | null
    body: Record<string, unknown> | null
    atMs: number
  }[] = []
  readonly faults = new Faults()
  readonly tokens = new Set(['bot-token-bot-token-bot.abcdef.secret-secret-secret-secret'])
  /** Interactions whose "thinking" Discord has taken: their answers can be filled in. */
  readonly deferred = new Map<string, { channel: string; postId: string | null }>()
  commands: unknown = null
  publicKey = ''
  private nextId = 900_000_000_000_000_000n
  private server!: FakeServer

  static async start(publicKey: string): Promise<FakeDiscord> {
    const fake = new FakeDiscord()
    fake.publicKey = publicKey
    fake.server = await serve((request, text, response) => {
      const path = (request.url ?? '').replace(/^\/api\/v10/, '')
      const method = request.method ?? ''
      const auth = request.headers.authorization ?? null
      const body = text ? (JSON.parse(text) as Record<string, unknown>) : null
      fake.calls.push({ method, path, auth, body, atMs: Date.now() })
      const fault = fake.faults.take(method)
      if (fault?.kind === 'down') return void request.socket.destroy()
      if (fault?.kind === 'rate')
        return sendJson(response, 429, { message: 'limited', retry_after: fault.retryAfterS, global: false })
      if (fault?.kind === 'error')
        return sendJson(response, fault.status ?? 403, { code: fault.code, message: fault.error })
      const webhook = /^\/webhooks\/\d+\/([\w-]+)\/messages\/@original$/.exec(path)
      if (!webhook && !fake.tokens.has((auth ?? '').replace(/^Bot /, '')))
        return sendJson(response, 401, { code: 0, message: '401: Unauthorized' })
      const [status, answer] = webhook ? fake.fillIn(webhook[1] ?? '', body) : fake.answer(method, path, body)
      if (fault?.kind === 'lost') return void request.socket.destroy()
      sendJson(response, status, answer)
    })
    return fake
  }

  get url(): string {
    return `${this.server.url}/api/v10`
  }
  close(): Promise<void> {
    return this.server.close()
  }
  snowflake(): string {
    this.nextId += 1n
    return String(this.nextId)
  }

  private fillIn(token: string, body: Record<string, unknown> | null): [number, unknown] {
    const open = this.deferred.get(token)
    if (!open) return [404, { code: 10_015, message: 'Unknown Webhook' }]
    if (!fits(body)) return [400, { code: 50_035, message: 'Invalid Form Body' }]
    const known = this.posts.find((p) => p.id === open.postId)
    const post = known ?? this.put(open.channel, body)
    if (known) Object.assign(known, shown(body), { edits: known.edits + 1 })
    open.postId = post.id
    return [200, { id: post.id }]
  }

  private answer(method: string, path: string, body: Record<string, unknown> | null): [number, unknown] {
    if (path === '/applications/@me') return [200, { id: '777', name: 'Clawbernetes', verify_key: this.publicKey }]
    if (path === '/users/@me') return [200, { id: '778', username: 'clawbernetes' }]
    if (path === '/guilds/555555555555555555') return [200, { id: '555555555555555555', name: 'Acme GPUs' }]
    if (path === '/guilds/555555555555555555/channels')
      return [
        200,
        [
          { id: '666', name: 'gpu-ops', type: 0 },
          { id: '667', name: 'voice', type: 2 },
        ],
      ]
    if (method === 'PUT' && path.endsWith('/commands')) {
      this.commands = body
      return [200, []]
    }
    const messages = /^\/channels\/(\d+)\/messages(?:\/(\d+))?/.exec(path)
    if (!messages?.[1]) return [404, { code: 10_003, message: 'Unknown' }]
    if (method === 'GET')
      return [
        200,
        this.posts
          .filter((p) => p.channel === messages[1])
          .map((p) => ({ id: p.id, nonce: p.nonce, components: p.components, author: { id: '778' } })),
      ]
    if (!fits(body)) return [400, { code: 50_035, message: 'Invalid Form Body' }]
    if (method === 'POST') {
      const twin = this.posts.find((p) => p.channel === messages[1] && p.nonce !== null && p.nonce === body?.nonce)
      if (twin && body?.enforce_nonce === true) return [200, { id: twin.id }]
      return [200, { id: this.put(messages[1], body).id }]
    }
    const post = this.posts.find((p) => p.id === messages[2])
    if (!post) return [404, { code: 10_008, message: 'Unknown Message' }]
    Object.assign(post, shown(body), { edits: post.edits + 1 })
    return [200, { id: post.id }]
  }

  private put(channel: string, body: Record<string, unknown> | null): DiscordPost {
    const nonce = typeof body?.nonce === 'string' ? body.nonce : null
    const post: DiscordPost = { id: this.snowflake(), channel, nonce, edits: 0, ...shown(body) }
    this.posts.push(post)
    return post
  }
}

const shown = (body: Record<string, unknown> | null) => ({
  embeds: (body?.embeds ?? []) as Embed[],
  components: (body?.components ?? []) as DiscordPost['components'],
  allowed_mentions: (body?.allowed_mentions ?? null) as DiscordPost['allowed_mentions'],
})

/** Discord's own limits. */
export function fits(body: Record<string, unknown> | null): boolean {
  const { embeds, components } = shown(body)
  const nonce = body?.nonce
  if (typeof nonce === 'string' && nonce.length > 25) return false
  const sizes = embeds.map((e) => {
    const fields = e.fields ?? []
    const over = (text: string | undefined, max: number) => (text ?? '').length > max
    if (over(e.title, 256) || over(e.description, 4096) || over(e.footer?.text, 2048) || fields.length > 25)
      return 99_999
    if (fields.some((f) => !f.name || !f.value || over(f.name, 256) || over(f.value, 1024))) return 99_999
    return [e.title, e.description, e.footer?.text, ...fields.flatMap((f) => [f.name, f.value])].join('').length
  })
  const ids = components.flatMap((row) => row.components.flatMap((c) => (c.custom_id ? [c.custom_id] : [])))
  return (
    sizes.reduce((a, b) => a + b, 0) <= 6000 &&
    components.length <= 5 &&
    components.every((row) => row.components.length >= 1 && row.components.length <= 5) &&
    new Set(ids).size === ids.length &&
    ids.every((customId) => customId.length <= 100)
  )
}

export const textOfDiscord = (post: { embeds: Embed[] }): string =>
  post.embeds
    .flatMap((e) => [e.title, e.description, ...(e.fields ?? []).flatMap((f) => [f.name, f.value]), e.footer?.text])
    .filter(Boolean)
    .join('\n')
export const discordButtons = (post: { components: DiscordPost['components'] }): Button[] =>
  post.components.flatMap((row) => row.components)
