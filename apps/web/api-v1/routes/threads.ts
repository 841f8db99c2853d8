import { z } from '@hono/zod-openapi'
import { listMessages } from '@clawbernetes/services/chat/list-messages'
import { listThreads } from '@clawbernetes/services/chat/list-threads'
import { MAX_MESSAGE_CHARS, sendMessage } from '@clawbernetes/services/chat/send-message'
import { stopRun } from '@clawbernetes/services/chat/stop-run'
import { readUntil } from '../bells'
import { type Api, type Asked, endpoint, pageOf, pageQuery, waitQuery } from '../endpoint'
import { messageBody, messages, sent, thread, threadItem } from '../schemas/thread'
import { threadEvents } from './thread-events'

const ref = { threadId: z.string().min(1).max(60) }
const KEY = z.string().min(8).max(80)
const messageShape = {
  text: z.string().min(1).max(MAX_MESSAGE_CHARS),
}
const headers = z.object({
  'idempotency-key': KEY.optional().openapi({
    description: 'A key of your own, 8 to 80 characters: the same message sent again finds the first one.',
  }),
})

export function threadRoutes(api: Api): void {
  readRoutes(api)
  sendRoutes(api)
  threadEvents(api, ref)
}

function readRoutes(api: Api): void {
  endpoint(
    api,
    {
      method: 'get',
      path: '/threads',
      tag: 'Chat',
      summary: 'List conversations, the last used first',
      scope: 'read',
      query: { ...pageQuery(100, 30), search: z.string().max(200).default('') },
      result: pageOf(thread),
    },
    async ({ ctx, query: { limit, after, search } }) => {
      const before = after === undefined ? null : z.iso.datetime().parse(after)
      const items = await listThreads({ ctx, input: { search, limit, before } })
      return { items: items.map(threadItem), next: items.length === limit ? (items.at(-1)?.updatedAt ?? null) : null }
    },
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/threads/{threadId}/messages',
      tag: 'Chat',
      summary: 'Read messages, oldest first',
      description:
        'Without `after`: the newest. With `wait`, the answer is held until the agent has said everything (`busy` is false), so that one call waits for an answer.',
      scope: 'read',
      params: ref,
      query: {
        limit: z.coerce.number().int().min(1).max(100).default(50),
        after: z.coerce.number().int().min(0).optional().openapi({ description: 'Only messages after this `seq`.' }),
        ...waitQuery,
      },
      result: messages,
    },
    async ({ ctx, params, query: { limit, after, wait }, signal }) => {
      const found = await readUntil({
        read: () => listMessages({ ctx, input: { ...params, limit, afterSeq: after ?? null } }),
        enough: (page) => !page.busy,
        matters: (bell) => bell.topic === 'event' && bell.room === `thread:${params.threadId}`,
        timeoutMs: wait * 1000,
        signal,
      })
      const last = found.messages.at(-1)
      const next = after !== undefined && found.more && last ? String(last.seq) : null
      return { items: found.messages.map(messageBody), next, busy: found.busy }
    },
  )
}

function sendRoutes(api: Api): void {
  const send = (
    { ctx, body, header }: Pick<Asked<undefined, undefined, typeof messageShape>, 'ctx' | 'body' | 'header'>,
    threadId: string | null,
  ) =>
    sendMessage({
      ctx,
      input: { threadId, text: body.text, clientKey: header('idempotency-key') ?? crypto.randomUUID() },
    })
  endpoint(
    api,
    {
      method: 'post',
      path: '/threads',
      tag: 'Chat',
      summary: 'Start a conversation with a message',
      scope: 'chat',
      headers,
      body: messageShape,
      status: 202,
      result: sent,
    },
    (asked) => send(asked, null),
  )
  endpoint(
    api,
    {
      method: 'post',
      path: '/threads/{threadId}/messages',
      tag: 'Chat',
      summary: 'Send a message to the agent',
      scope: 'chat',
      headers,
      params: ref,
      body: messageShape,
      status: 202,
      result: sent,
    },
    (asked) => send(asked, asked.params.threadId),
  )
  endpoint(
    api,
    {
      method: 'post',
      path: '/threads/{threadId}/stop',
      tag: 'Chat',
      summary: 'Stop the agent’s talking; approved plans go on',
      scope: 'chat',
      params: ref,
      result: z.object({ stopped: z.number().int() }),
    },
    ({ ctx, params }) => stopRun({ ctx, input: params }),
  )
}
