import type { ChannelNotice } from '@clawbernetes/protocol/views/channel'
import type { SystemCtx } from '../context'
import { type NewPost, putPost } from './put-post'

interface Due {
  org_id: string
  connection_id: string
  channel_id: string
  subject_id: string
}

/** Of what happened lately, what a channel wants to know and was not told. State decides, not a signal: nothing is missed or told twice. */
export async function syncNotices(sys: SystemCtx): Promise<number> {
  const due = [
    ...(await plansWaiting(sys)).map((d) => notice(d, 'planWaiting')),
    ...(await plansFinished(sys)).map((d) => notice(d, 'planFinished')),
    ...(await findingsOpened(sys)).map((d) => notice(d, 'findings')),
    ...(await emergencies(sys)).map((d) => notice(d, 'emergency')),
  ]
  for (const post of due) await sys.db.$transaction((tx) => putPost(tx, sys.now(), post))
  return due.length
}

function notice(due: Due, what: ChannelNotice): NewPost {
  const { org_id: orgId, connection_id: connectionId, channel_id: channelId, subject_id: subjectId } = due
  const place = { orgId, connectionId, channelId, replyTo: null, subjectId }
  if (what === 'planWaiting') return { ...place, kind: 'plan', dedupeKey: `plan:${subjectId}:${channelId}` }
  if (what === 'planFinished') return { ...place, kind: 'finished', dedupeKey: `finished:${subjectId}:${channelId}` }
  if (what === 'findings') return { ...place, kind: 'finding', dedupeKey: `finding:${subjectId}:${channelId}` }
  return { ...place, kind: 'emergency', dedupeKey: `event:${subjectId}:${channelId}` }
}

const plansWaiting = ({ db }: SystemCtx) => db.$queryRaw<Due[]>`
  select p.org_id, r.connection_id, r.external_id as channel_id, p.id as subject_id
  from channel_room r join channel_connection c on c.id = r.connection_id and c.state = 'active'
  join plan p on p.org_id = r.org_id and p.state = 'proposed' and p.created_at >= r.notify_since and p.expires_at > now()
  where r.plan_waiting
    -- The talk in which it was made stands in this very channel, and brings the card itself.
    and not exists (select 1 from channel_thread t where t.connection_id = r.connection_id and t.channel_id = r.external_id and t.thread_id = p.thread_id)
    and not exists (select 1 from channel_post x where x.connection_id = r.connection_id and x.dedupe_key = 'plan:' || p.id || ':' || r.external_id)
  limit 100`

const plansFinished = ({ db }: SystemCtx) => db.$queryRaw<Due[]>`
  select p.org_id, r.connection_id, r.external_id as channel_id, p.id as subject_id
  from channel_room r join channel_connection c on c.id = r.connection_id and c.state = 'active'
  join plan p on p.org_id = r.org_id and p.finished_at >= r.notify_since and p.finished_at > now() - interval '1 day'
    and p.state in ('succeeded', 'partial', 'failed', 'cancelled', 'compensated', 'needs_attention')
  where r.plan_finished
    and not exists (select 1 from channel_thread t where t.connection_id = r.connection_id and t.channel_id = r.external_id and t.thread_id = p.thread_id)
    and not exists (select 1 from channel_post x where x.connection_id = r.connection_id and x.dedupe_key = 'finished:' || p.id || ':' || r.external_id)
  limit 100`

const findingsOpened = ({ db }: SystemCtx) => db.$queryRaw<Due[]>`
  select f.org_id, r.connection_id, r.external_id as channel_id, f.id as subject_id
  from channel_room r join channel_connection c on c.id = r.connection_id and c.state = 'active'
  join finding f on f.org_id = r.org_id and f.severity = 'critical' and f.state = 'open' and f.last_seen_at >= r.notify_since
    and f.since >= r.notify_since - interval '1 hour'
  where r.findings
    and not exists (select 1 from channel_post x where x.connection_id = r.connection_id and x.dedupe_key = 'finding:' || f.id || ':' || r.external_id)
  limit 100`

const emergencies = ({ db }: SystemCtx) => db.$queryRaw<Due[]>`
  select e.org_id, r.connection_id, r.external_id as channel_id, e.seq::text as subject_id
  from channel_room r join channel_connection c on c.id = r.connection_id and c.state = 'active'
  join event e on e.room = 'org:' || r.org_id and e.kind in ('org.frozen', 'org.unfrozen')
    and e.at >= r.notify_since and e.at > now() - interval '1 day'
  where r.emergency
    and not exists (select 1 from channel_post x where x.connection_id = r.connection_id and x.dedupe_key = 'event:' || e.seq || ':' || r.external_id)
  order by e.seq limit 100`
