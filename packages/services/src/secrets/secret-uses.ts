import type { DbOrTx } from '../context'

export interface SecretUse {
  secret: string
  id: string
  name: string
}

/** Workloads that run, are to run or still stand on a node's list, with which secret of the organisation in their environment. */
export async function secretUses(db: DbOrTx, orgId: string): Promise<SecretUse[]> {
  return db.$queryRaw<SecretUse[]>`
    select distinct e.value as secret, w.id, w.name from workload w, jsonb_each_text(coalesce(w.spec -> 'secretEnv', '{}')) e
    where w.org_id = ${orgId} and (
      (w.deleted_at is null and w.status not in ('stopped', 'succeeded', 'failed'))
      or exists (select 1 from replica r where r.workload_id = w.id and r.closed_at is null))
    order by w.name`
}
