import type { SystemCtx } from '../context'
import { enqueue } from '../jobs/enqueue'
import { stepJobKey } from './step-job-key'

/**
 * Sweep: every plan that is to go on has a job. A job and the rows are written together, so this finds work only when the queue
 * gave a job up after all its attempts, or somebody emptied the queue. Adding a job that exists changes nothing but its time.
 */
export async function rescueSteps(sys: SystemCtx): Promise<number> {
  // Steps of a stopped organisation have no jobs on purpose: lifting the stop gives them theirs.
  const orphans = await sys.db.$queryRaw<{ id: string }[]>`
    select s.id from plan_step s join plan p on p.id = s.plan_id
    where not exists (select 1 from org_settings o where o.organization_id = p.org_id and o.frozen_at is not null) and p.state in ('approved', 'running') and s.revision = p.revision
      and s.state in ('pending', 'waiting', 'running')
      and not exists (select 1 from plan_step e where e.plan_id = s.plan_id and e.revision = s.revision and e.ordinal < s.ordinal and e.state in ('pending', 'waiting', 'running'))
      and not exists (select 1 from graphile_worker.jobs j where j.key = 'step:' || s.id and j.attempts < j.max_attempts)
    limit 200`
  for (const { id } of orphans) await enqueue(sys.db, 'plan-step', { stepId: id }, { key: stepJobKey(id) })
  return orphans.length
}
