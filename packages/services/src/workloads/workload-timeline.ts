import type { Ctx } from '../context'
import { planLabel } from '../plans/plan-digest'

const MAX_EVENTS = 300
const STATUS_WORDS: Record<string, string> = {
  pending: 'Waits for GPUs',
  placed: 'GPUs claimed',
  starting: 'Replicas on their nodes, starting',
  running: 'Running',
  degraded: 'Degraded: fewer replicas than asked',
  stopping: 'Stopping',
  stopped: 'Stopped',
  succeeded: 'Succeeded',
  failed: 'Failed',
}

interface Subject {
  id: string
  createdAt: Date
  ownerName: string
  plan: { number: number; decidedAt: Date | null } | null
  replicas: {
    ordinal: number
    attempt: number
    nodeName: string
    startedAt: Date | null
    finishedAt: Date | null
    exitCode: number | null
    signal: string | null
  }[]
}

/** From asked to ended: what the log recorded of its status, and when its replicas really started and ended. */
export async function workloadTimeline(ctx: Ctx, subject: Subject): Promise<{ at: string; text: string }[]> {
  const events = await ctx.db.event.findMany({
    where: { orgId: ctx.actor.orgId, room: `workload:${subject.id}`, entityId: subject.id },
    orderBy: { seq: 'desc' },
    take: MAX_EVENTS,
    select: { at: true, data: true },
  })
  const moments: { at: Date; text: string }[] = [
    { at: subject.createdAt, text: `Created for ${subject.ownerName}` },
    ...planMoments(subject),
    ...statusMoments(events),
    ...subject.replicas.flatMap(replicaMoments),
  ]
  return moments.sort((a, b) => a.at.getTime() - b.at.getTime()).map(({ at, text }) => ({ at: at.toISOString(), text }))
}

function planMoments({ plan }: Subject) {
  if (!plan?.decidedAt) return []
  return [{ at: plan.decidedAt, text: `${planLabel(plan.number)} approved` }]
}

/** Only changes: an event that repeats a status says nothing new. */
function statusMoments(events: readonly { at: Date; data: unknown }[]) {
  let last = ''
  return [...events].reverse().flatMap((event) => {
    const status = (event.data as { status?: unknown } | null)?.status
    if (typeof status !== 'string' || status === last) return []
    // Between the claim and the first word of a node a status may swing back; that is no second claim.
    if (status === 'placed' && last === 'starting') return []
    last = status
    return [{ at: event.at, text: STATUS_WORDS[status] ?? status }]
  })
}

function replicaMoments(replica: Subject['replicas'][number]) {
  const name = `Replica ${replica.ordinal}${replica.attempt > 1 ? `, attempt ${replica.attempt}` : ''}`
  const how = replica.signal
    ? `by ${replica.signal}`
    : replica.exitCode === null
      ? ''
      : `with exit code ${replica.exitCode}`
  return [
    ...(replica.startedAt ? [{ at: replica.startedAt, text: `${name} started on ${replica.nodeName}` }] : []),
    ...(replica.finishedAt ? [{ at: replica.finishedAt, text: `${name} ended ${how}`.trim() }] : []),
  ]
}
