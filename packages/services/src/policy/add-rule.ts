import { scopedRule } from '@clawbernetes/protocol/policy/org-policy'
import type * as z from 'zod'
import { type Ctx, newId, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { parseInput } from '../parse-input'
import { readOrgPolicy } from './read-org-policy'
import { setPolicy } from './set-policy'

export const addRuleInput = scopedRule.omit({ id: true })

/** "Policy…" on a card: one more rule in the same policy, with the same version, audit and effect as an edit in Settings. */
export async function addRule({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof addRuleInput>
}): Promise<{ version: number }> {
  requirePermission(ctx, 'managePolicy')
  const input = parseInput(addRuleInput, raw)
  if (Date.parse(input.until) <= ctx.now().getTime())
    throw new ServiceError('invalid', 'The end of the rule is in the past.', { path: ['until'] })
  const { document, version } = await readOrgPolicy(ctx.db, ctx.actor.orgId)
  const rule = { ...input, id: newId('policyRule', ctx.now()) }
  const edits = { ...document.edits, rules: [...document.edits.rules, rule] }
  return setPolicy({ ctx, input: { document: { ...document, edits }, expectedVersion: version } })
}
