import { describe, expect, it } from 'vitest'
import { verbProblems } from './verbs.mjs'

const messages = (source, file = 'packages/services/src/fleet/cordon-node.ts') =>
  verbProblems(new Map([[file, source]])).map(({ message }) => message)

const verb = (body) => `export async function cordonNode({ ctx }: { ctx: Ctx }) {\n${body}\n}\n`
const WRITE = 'await ctx.db.$transaction(async (tx) => tx.node.update({}))'

describe('verbs', () => {
  it('must ask and record when they write', () => {
    expect(messages(verb(WRITE))).toEqual([
      'a verb that opens a transaction asks for a permission',
      'a verb that opens a transaction writes the audit',
    ])
    expect(messages(verb(`requirePermission(ctx, 'manageNodes')\n${WRITE}`))).toHaveLength(1)
    expect(messages(verb(`requirePermission(ctx, 'manageNodes')\n${WRITE}\nawait appendAudit(tx, {})`))).toEqual([])
  })

  it('may read without either, and the machinery may write', () => {
    expect(messages(verb('return ctx.db.node.findMany()'))).toEqual([])
    expect(
      messages(`export function sweep({ sys }: { sys: SystemCtx }) {\n  return sys.db.$transaction([])\n}\n`),
    ).toEqual([])
  })
})
