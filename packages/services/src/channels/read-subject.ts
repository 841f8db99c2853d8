import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { ChannelPostModel } from '@clawbernetes/db/rows'
import { answerMessage, elsewhereMessage, progressMessage } from '@clawbernetes/domain/channels/answer-message'
import type { ChannelMessage } from '@clawbernetes/domain/channels/channel-message'
import { emergencyNotice, findingNotice, finishedNotice, testCard } from '@clawbernetes/domain/channels/notices'
import { planCard } from '@clawbernetes/domain/channels/plan-card'
import { type SystemCtx, systemActor } from '../context'
import { readPlan } from '../plans/read-plan'
import type { OpenConnection } from './find-connections'
import { newNonce } from './put-post'

/** What a post has to show now. */
export interface Showing {
  message: ChannelMessage
  /** Of what is shown; 0: it is still being written. */
  version: number
  nonce: string
  /** Of a plan: what a press on this showing decides on. */
  decides: { revision: number; digest: string } | null
  /** The card under which it belongs, where there is one. */
  under: string | null
}

export interface ShowPlace {
  baseUrl: string
  /** Words of an answer that is still being written. */
  streamed: (threadId: string) => string
}

/** Reads what the post is about, as it is at this moment; null: there is nothing to show any more. */
export async function readSubject(
  sys: SystemCtx,
  post: ChannelPostModel,
  connection: OpenConnection,
  place: ShowPlace,
): Promise<Showing | null> {
  if (post.kind === 'plan') return planShowing(sys, post, connection, place)
  if (post.kind === 'run') return runShowing(sys, post, place)
  const base = { nonce: post.nonce, decides: null, under: null }
  if (post.kind === 'message') {
    const message = await sys.db.message.findUnique({ where: { id: post.subjectId } })
    return message ? { ...base, message: await messageOf(sys, message, post, place), version: message.version } : null
  }
  if (post.kind === 'finding') {
    const row = await sys.db.finding.findUnique({ where: { id: post.subjectId } })
    if (!row) return null
    const [node, gpu] = await Promise.all([
      sys.db.node.findUnique({ where: { id: row.nodeId }, select: { name: true } }),
      row.gpuId ? sys.db.gpu.findUnique({ where: { id: row.gpuId }, select: { index: true } }) : null,
    ])
    const notice = { ...row, nodeName: node?.name ?? row.nodeId, gpuIndex: gpu?.index ?? null }
    return { ...base, message: findingNotice(notice, post.nonce, place.baseUrl), version: row.version }
  }
  if (post.kind === 'emergency') return emergencyShowing(sys, post, place)
  if (post.kind === 'finished') return finishedShowing(sys, post, place)
  const org = await sys.db.organization.findUnique({ where: { id: post.orgId }, select: { name: true } })
  const decides = connection.approveRole !== 'nobody'
  const card = testCard({ baseUrl: place.baseUrl, nonce: post.nonce, orgName: org?.name ?? '', decides })
  return { ...base, message: card, version: 1 }
}

async function planShowing(
  sys: SystemCtx,
  post: ChannelPostModel,
  connection: OpenConnection,
  place: ShowPlace,
): Promise<Showing> {
  const plan = await readPlan({ ctx: systemActor(sys, post.orgId), input: { planId: post.subjectId } })
  // Another revision, another showing: what was pressed before it does not count for it.
  const nonce = post.revision === null || post.revision === plan.revision ? post.nonce : newNonce()
  const message = planCard(plan, {
    baseUrl: place.baseUrl,
    nonce,
    decides: connection.approveRole !== 'nobody',
    confirms: connection.kind === 'slack',
  })
  return {
    message,
    version: plan.version,
    nonce,
    decides: { revision: plan.revision, digest: plan.digest },
    under: null,
  }
}

async function runShowing(sys: SystemCtx, post: ChannelPostModel, place: ShowPlace): Promise<Showing | null> {
  const base = { nonce: post.nonce, decides: null, under: null }
  const run = await sys.db.agentRun.findUnique({
    where: { id: post.subjectId },
    include: { toolCalls: { orderBy: { ordinal: 'asc' } } },
  })
  if (!run) return null
  const message = await sys.db.message.findFirst({
    where: { runId: run.id, role: 'agent', state: { not: 'streaming' } },
  })
  if (message) return { ...base, message: await messageOf(sys, message, post, place), version: message.version }
  if (run.state === 'queued' || run.state === 'running') {
    const tools = run.toolCalls.map((t) => ({ title: t.title, done: t.state !== 'running' && t.state !== 'queued' }))
    const progress = progressMessage({ text: place.streamed(run.threadId), tools })
    return { ...base, message: progress, version: 0 }
  }
  const words = run.state === 'stopped' ? 'Stopped before an answer was written.' : (run.error ?? 'No answer came.')
  const ended = answerMessage(
    { text: words, blocks: [], error: null, stopped: false },
    { baseUrl: place.baseUrl, nonce: post.nonce, messageId: '', threadId: run.threadId },
  )
  return { ...base, message: ended, version: 1 }
}

async function messageOf(
  sys: SystemCtx,
  row: {
    id: string
    threadId: string
    role: string
    authorId: string | null
    text: string
    blocks: unknown
    error: string | null
    state: string
  },
  post: ChannelPostModel,
  place: ShowPlace,
): Promise<ChannelMessage> {
  if (row.role === 'user') {
    const author = row.authorId ? await sys.db.user.findUnique({ where: { id: row.authorId } }) : null
    return elsewhereMessage(author?.name ?? 'Someone', row.text)
  }
  // Checked against the block schema when it was written.
  const blocks = row.blocks as Block[]
  return answerMessage(
    { text: row.text, blocks, error: row.error, stopped: row.state === 'stopped' },
    { baseUrl: place.baseUrl, nonce: post.nonce, messageId: row.id, threadId: row.threadId },
  )
}

async function finishedShowing(sys: SystemCtx, post: ChannelPostModel, place: ShowPlace): Promise<Showing> {
  const plan = await readPlan({ ctx: systemActor(sys, post.orgId), input: { planId: post.subjectId } })
  const card = await sys.db.channelPost.findFirst({
    where: { connectionId: post.connectionId, channelId: post.channelId, kind: 'plan', subjectId: post.subjectId },
    select: { externalTs: true, replyTo: true },
  })
  const outcome = plan.outcome?.text ?? `${plan.label} ended: ${plan.state}.`
  const told = { label: plan.label, title: plan.content.title, outcome, good: plan.state === 'succeeded' }
  return {
    message: finishedNotice(told, post.nonce, place.baseUrl),
    version: 1,
    nonce: post.nonce,
    decides: null,
    under: card?.replyTo ?? card?.externalTs ?? null,
  }
}

async function emergencyShowing(sys: SystemCtx, post: ChannelPostModel, place: ShowPlace): Promise<Showing | null> {
  const event = await sys.db.event.findUnique({ where: { seq: BigInt(post.subjectId) } })
  if (!event) return null
  const data = event.data as { by?: unknown; userId?: unknown; reason?: unknown }
  const byId = [data.by, data.userId].find((v): v is string => typeof v === 'string')
  const user = byId ? await sys.db.user.findUnique({ where: { id: byId }, select: { name: true } }) : null
  const notice = emergencyNotice(
    {
      on: event.kind === 'org.frozen',
      who: user?.name ?? byId ?? null,
      reason: typeof data.reason === 'string' && data.reason ? data.reason : null,
      at: event.at,
    },
    post.nonce,
    place.baseUrl,
  )
  return { message: notice, version: 1, nonce: post.nonce, decides: null, under: null }
}
