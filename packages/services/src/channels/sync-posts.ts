import type { SystemCtx } from '../context'
import { enqueuePost } from './put-post'

/** Posts whose subject has moved since it was shown: a plan decided elsewhere, a finding cleared, an answer that goes on. */
export async function syncPosts(sys: SystemCtx): Promise<number> {
  const behind = await sys.db.$queryRaw<{ id: string }[]>`
    select p.id from channel_post p
    join channel_connection c on c.id = p.connection_id and c.state = 'active'
    left join plan pl on p.kind = 'plan' and pl.id = p.subject_id
    left join finding f on p.kind = 'finding' and f.id = p.subject_id
    left join agent_run r on p.kind = 'run' and r.id = p.subject_id
    where ((p.state = 'posted' and p.updated_at > now() - interval '7 days'
          and (pl.version <> p.shown_version or pl.state in ('approved', 'running', 'compensating')
            or f.version <> p.shown_version
            or (r.id is not null and p.shown_version = 0)))
        or (p.state = 'pending' and p.updated_at < now() - interval '30 seconds' and p.created_at > now() - interval '1 day'))
      and not exists (select 1 from graphile_worker.jobs j where j.key = 'post:' || p.id)
    limit 200`
  for (const { id } of behind) await sys.db.$transaction((tx) => enqueuePost(tx, id))
  return behind.length
}
