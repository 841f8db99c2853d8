import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { DbOrTx } from '../context'
import { ServiceError } from '../errors'
import { unseal } from './seal'

/**
 * Puts the newest values of the secrets that specs name into their environments, for the one message to the node that runs them.
 * Nothing that was resolved is stored here. Throws `unavailable` when a value is gone or cannot be unsealed.
 */
export async function resolveSecretEnv(
  db: DbOrTx,
  specs: readonly { orgId: string; spec: ReplicaSpec }[],
): Promise<ReplicaSpec[]> {
  const named = specs.flatMap(({ orgId, spec }) => Object.values(spec.secretEnv ?? {}).map((name) => ({ orgId, name })))
  if (named.length === 0) return specs.map(({ spec }) => spec)
  const rows = await db.secret.findMany({
    where: { OR: named },
    include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
  })
  return specs.map(({ orgId, spec }) => {
    const { secretEnv, ...plain } = spec
    if (!secretEnv) return spec
    const env = { ...plain.env }
    for (const [variable, name] of Object.entries(secretEnv)) {
      const sealed = rows.find((row) => row.orgId === orgId && row.name === name)?.versions[0]?.sealed
      if (!sealed) throw new ServiceError('unavailable', `The secret ${name} has no value.`)
      env[variable] = unseal(sealed)
    }
    return { ...plain, env }
  })
}
