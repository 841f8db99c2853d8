import type { ThreadView } from '@clawbernetes/protocol/views/chat'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { threadViews } from './thread-view'

export const listThreadsInput = z.object({
  search: z.string().max(200).default(''),
  archived: z.boolean().default(false),
  /** Only those that the caller started. */
  mine: z.boolean().default(false),
  limit: z.number().int().min(1).max(100).default(30),
  /** Go on with those last used before this moment. */
  before: z.iso.datetime().nullable().default(null),
})

const EXCERPT_BEFORE = 30
const EXCERPT_CHARS = 120

/** Threads of the organisation, the last used first; `search` looks in titles and messages and brings the words around what it found. */
export async function listThreads({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listThreadsInput>
}): Promise<ThreadView[]> {
  requirePermission(ctx, 'read')
  const { search, archived, mine, limit, before } = parseInput(listThreadsInput, raw)
  const wanted = search.trim()
  const contains = { contains: likeLiteral(wanted), mode: 'insensitive' as const }
  const threads = await ctx.db.thread.findMany({
    where: {
      orgId: ctx.actor.orgId,
      archivedAt: archived ? { not: null } : null,
      ...(before ? { updatedAt: { lt: new Date(before) } } : {}),
      ...(mine ? { createdBy: ctx.actor.userId ?? '' } : {}),
      ...(wanted ? { OR: [{ title: contains }, { messages: { some: { text: contains } } }] } : {}),
    },
    orderBy: { updatedAt: 'desc' },
    take: limit,
  })
  const views = await threadViews(ctx, threads)
  return wanted ? withExcerpts(ctx, views, wanted) : views
}

/** `%` and `_` in what a person types are letters to look for. */
const likeLiteral = (text: string): string => text.replace(/[\\%_]/g, (char) => `\\${char}`)

/** The newest message of each thread that has the words, cut around them. */
async function withExcerpts(ctx: Ctx, views: ThreadView[], wanted: string): Promise<ThreadView[]> {
  const hits = await ctx.db.message.findMany({
    where: {
      orgId: ctx.actor.orgId,
      threadId: { in: views.map((v) => v.id) },
      text: { contains: likeLiteral(wanted), mode: 'insensitive' },
    },
    orderBy: [{ threadId: 'asc' }, { seq: 'desc' }],
    distinct: ['threadId'],
    select: { threadId: true, text: true },
  })
  return views.map((view) => {
    const text = hits.find((hit) => hit.threadId === view.id)?.text
    return text === undefined ? view : { ...view, excerpt: excerptAround(text, wanted) }
  })
}

function excerptAround(text: string, wanted: string): string {
  const line = text.replace(/\s+/g, ' ')
  const at = Math.max(0, line.toLowerCase().indexOf(wanted.toLowerCase()))
  const from = Math.max(0, at - EXCERPT_BEFORE)
  const cut = line.slice(from, from + EXCERPT_CHARS)
  return `${from > 0 ? '…' : ''}${cut}${from + EXCERPT_CHARS < line.length ? '…' : ''}`
}
