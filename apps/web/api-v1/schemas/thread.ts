import { z } from '@hono/zod-openapi'
import type { MessageView, ThreadView } from '@clawbernetes/protocol/views/chat'

const at = z.iso.datetime()

export const thread = z
  .object({
    id: z.string(),
    title: z.string(),
    channel: z.string(),
    state: z.enum(['idle', 'running', 'needs-approval', 'failed']),
    createdBy: z.object({ id: z.string(), name: z.string() }),
    createdAt: at,
    updatedAt: at,
    pendingPlans: z.number().int(),
  })
  .openapi('Thread')

export const message = z
  .object({
    id: z.string(),
    threadId: z.string(),
    seq: z.number().int().openapi({ description: 'Order within the thread.' }),
    role: z.enum(['user', 'agent']),
    author: z.object({ id: z.string(), name: z.string() }).nullable(),
    text: z.string(),
    blocks: z
      .array(z.looseObject({ type: z.string() }))
      .openapi({ description: 'Results as data: tables, curves, plans. Ignore types that you do not know.' }),
    state: z.enum(['streaming', 'complete', 'failed', 'stopped']),
    error: z.string().nullable(),
    channel: z.string(),
    tools: z.array(z.object({ name: z.string(), title: z.string(), state: z.string() })),
    planner: z.string().nullable(),
    createdAt: at,
  })
  .openapi('Message')

export const threadItem = (view: ThreadView): z.input<typeof thread> => view
export const messageBody = (view: MessageView): z.input<typeof message> => ({ ...view, tools: view.toolCalls })

export const messages = z.object({
  items: z.array(message),
  next: z.string().nullable(),
  busy: z.boolean().openapi({ description: 'The agent has not said everything yet.' }),
})
export const sent = z.object({ threadId: z.string(), messageId: z.string(), runId: z.string() }).openapi('Sent')
