import { createRoute, z } from '@hono/zod-openapi'
import { listMessages } from '@clawbernetes/services/chat/list-messages'
import type { Ctx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { requireScope } from '@clawbernetes/services/context'
import { onBell } from '../bells'
import type { Api } from '../endpoint'
import { failureBody } from '../failure'
import { message, messageBody } from '../schemas/thread'

/** A key that was revoked meanwhile ends its stream within this time; also what keeps proxies from hanging up. */
const CHECK_MS = 10_000
const LOOK_AGAIN_MS = 2000

/** Server-sent events of one conversation: words as they are written, messages once they are stored, and when the agent is done. */
export function threadEvents(api: Api, ref: { threadId: z.ZodString }): void {
  const description =
    'Events: `message` (a stored message), `delta` (`{messageId, text, at}`: words to put at that offset, not stored yet), `idle` (the agent has said everything; with `until=idle` the stream ends here). Needs the scope `read`.'
  const route = createRoute({
    method: 'get',
    path: '/threads/{threadId}/events',
    tags: ['Chat'],
    summary: 'Follow a conversation as it is written',
    description,
    security: [{ apiKey: [] }],
    'x-scope': 'read',
    request: {
      params: z.strictObject(ref),
      query: z.strictObject({
        after: z.coerce.number().int().min(0).default(0).openapi({ description: 'Only messages after this `seq`.' }),
        until: z.enum(['idle', 'closed']).default('closed'),
      }),
    },
    responses: {
      200: { description, content: { 'text/event-stream': { schema: z.string() } } },
      401: {
        description: 'There is no API key, or it holds no longer.',
        content: { 'application/json': { schema: failureBody } },
      },
      403: { description: 'The key may not do this.', content: { 'application/json': { schema: failureBody } } },
      404: { description: 'There is no such thread.', content: { 'application/json': { schema: failureBody } } },
    },
  })
  api.openapi(route, async (c) => {
    const ctx = c.get('call')
    requireScope(ctx, 'read')
    const { threadId } = c.req.valid('param')
    const { after, until } = c.req.valid('query')
    // Not found and not allowed are answered as such, before a stream begins.
    await listMessages({ ctx, input: { threadId, afterSeq: after, limit: 1 } })
    const body = follow(ctx, c.get('again'), { threadId, after, untilIdle: until === 'idle', signal: c.req.raw.signal })
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    }) as never
  })
}

function follow(
  ctx: Ctx,
  again: () => Promise<Ctx>,
  asked: { threadId: string; after: number; untilIdle: boolean; signal: AbortSignal },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let end = () => {}
  return new ReadableStream({
    start(controller) {
      const send = (event: string, data: unknown) =>
        controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
      const reader = new ThreadReader(ctx, asked, send, () => end())
      const stop = onBell((bell) => {
        if (bell === 'gap') return reader.look()
        if (bell.topic === 'event' && bell.room === `thread:${asked.threadId}`) return reader.look()
        if (bell.topic === 'delta' && bell.threadId === asked.threadId && bell.orgId === ctx.actor.orgId)
          send('delta', { messageId: bell.messageId, text: bell.text, at: bell.at })
      })
      const timers = [
        setInterval(() => reader.look(), LOOK_AGAIN_MS),
        setInterval(() => {
          controller.enqueue(encoder.encode(': still here\n\n'))
          again().catch(() => end())
        }, CHECK_MS),
      ]
      let ended = false
      end = () => {
        if (ended) return
        ended = true
        for (const timer of timers) clearInterval(timer)
        stop()
        try {
          controller.close()
        } catch {
          // The reader hung up first.
        }
      }
      asked.signal.addEventListener('abort', end, { once: true })
      reader.look()
    },
    cancel: () => end(),
  })
}

/** Sends what is new whenever it is told to look; one look at a time, and one more when a bell rang meanwhile. */
class ThreadReader {
  #seq: number
  #wasBusy = true
  #looking = false
  #again = false

  constructor(
    private readonly ctx: Ctx,
    private readonly asked: { threadId: string; after: number; untilIdle: boolean },
    private readonly send: (event: string, data: unknown) => void,
    private readonly done: () => void,
  ) {
    this.#seq = asked.after
  }

  look(): void {
    this.#again = true
    if (this.#looking) return
    this.#looking = true
    this.#read()
      .catch((error: unknown) => {
        if (error instanceof ServiceError) this.done()
      })
      .finally(() => {
        this.#looking = false
      })
  }

  async #read(): Promise<void> {
    while (this.#again) {
      this.#again = false
      const { messages, busy, more } = await listMessages({
        ctx: this.ctx,
        input: { threadId: this.asked.threadId, afterSeq: this.#seq, limit: 100 },
      })
      for (const view of messages) {
        this.#seq = view.seq
        this.send('message', message.parse(messageBody(view)))
      }
      if (more) this.#again = true
      else if (!busy && this.#wasBusy) {
        this.send('idle', { seq: this.#seq })
        if (this.asked.untilIdle) return this.done()
      }
      this.#wasBusy = busy
    }
  }
}
