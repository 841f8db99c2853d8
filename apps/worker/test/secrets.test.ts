import { decide } from '@clawbernetes/services/approvals/decide'
import { nodeAssignments } from '@clawbernetes/services/fleet/node-assignments'
import { listAudit } from '@clawbernetes/services/log/list-audit'
import { listSecrets } from '@clawbernetes/services/secrets/list-secrets'
import { pruneSecretDrafts } from '@clawbernetes/services/secrets/prune-secret-drafts'
import { putSecretValue } from '@clawbernetes/services/secrets/put-secret-value'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { job, type MoveWorld, moveWorld } from './moves/move-world'

const VALUE = 'a-value-that-must-appear-nowhere-5512'

let world: MoveWorld
beforeEach(async () => {
  vi.stubEnv('BETTER_AUTH_SECRET', 'a secret of at least thirty-two characters')
  world = await moveWorld()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await world.close()
})

const put = (plan: { id: string; revision: number }, value = VALUE, ctx = world.ana) =>
  putSecretValue({ ctx, input: { planId: plan.id, revision: plan.revision, value } })

async function stored(name: string, value = VALUE): Promise<void> {
  const plan = await world.propose(`store a secret called ${name}`)
  await put(plan, value)
  await world.approve(plan, name)
  await world.nodes.settle()
  expect((await world.plan(plan.id)).state).toBe('succeeded')
}

/** Every text that the database holds, outside of the two columns that are sealed. */
async function everything(): Promise<string> {
  const tables = await world.db.$queryRaw<{ t: string }[]>`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as t from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`
  const texts: string[] = []
  for (const { t } of tables) {
    const rows = await world.db.$queryRawUnsafe<{ row: string }[]>(`select x::text as row from ${t} x`)
    texts.push(...rows.map((r) => r.row))
  }
  return texts.join('\n')
}

describe('a secret', () => {
  it('is stored from the secret field alone, after the name was typed, and is found nowhere in the clear', async () => {
    const plan = await world.propose('store a secret called hf_token')
    expect(plan.risk).toBe('high')
    expect(plan.content.secretValue).toEqual({ name: 'hf_token', label: 'Value of hf_token' })
    expect(plan.rights.approve).toBe(false)
    expect(plan.rights.why).toContain('Enter the value of hf_token in the secret field')
    await expect(world.approve(plan, 'hf_token')).rejects.toThrow('Enter the value of hf_token')
    expect(await world.db.approval.count()).toBe(0)

    await put(plan)
    const entered = await world.plan(plan.id)
    expect(entered.secretEntered?.by).toBe('ana')
    expect(entered.rights.approve).toBe(true)
    await world.approve(plan, 'hf_token')
    await world.nodes.settle()
    expect((await world.plan(plan.id)).outcome?.text).toContain('hf_token is stored as version 1')
    expect(await world.db.secretDraft.count()).toBe(0)
    expect(await listSecrets({ ctx: world.ana })).toMatchObject([{ name: 'hf_token', version: 1, createdBy: 'ana' }])
    expect(await everything()).not.toContain(VALUE)
    expect((await world.say('list the secrets')).text).toContain('Values cannot be read back')
    const audit = await listAudit({ ctx: world.ana, input: {} })
    expect(JSON.stringify(audit)).toContain('secret.create')
    expect(JSON.stringify(audit)).not.toContain(VALUE)
  })

  it('is bound to its plan and revision, taken by people only, and gone when the plan ends otherwise', async () => {
    const plan = await world.propose('store a secret called hf_token')
    await expect(put({ id: plan.id, revision: 2 })).rejects.toThrow('is at r1')
    const viewer = await world.member('viewer', 'vera')
    await expect(put(plan, VALUE, viewer)).rejects.toMatchObject({ code: 'forbidden' })
    const agent = { ...world.ana, actor: { ...world.ana.actor, kind: 'agent' as const } }
    await expect(put(plan, VALUE, agent)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(put(plan, VALUE, world.stranger)).rejects.toMatchObject({ code: 'not-found' })
    await put(plan)
    await decide({
      ctx: world.ana,
      input: { planId: plan.id, revision: 1, digest: plan.digest, decision: 'reject', reason: 'not now' },
    })
    await expect(put(plan)).rejects.toThrow('takes no value any more')
    expect(await pruneSecretDrafts(world.sys)).toBe(1)
    expect(await world.db.secretDraft.count()).toBe(0)
    expect(await world.db.secret.count()).toBe(0)
  })

  it('reaches a workload only in the list of its node, and a new version at its next start', async () => {
    await stored('hf_token')
    const spec = { ...job(), secretEnv: { HF_TOKEN: 'hf_token' } }
    await world.run('batch-b', 'node-01', spec)
    const node = await world.db.node.findFirstOrThrow({ where: { name: 'node-01' } })
    const envOf = async () => (await nodeAssignments({ db: world.db, nodeId: node.id })).list[0]?.spec.env
    expect(await envOf()).toMatchObject({ HF_TOKEN: VALUE })
    expect(await everything()).not.toContain(VALUE)
    expect(await listSecrets({ ctx: world.ana })).toMatchObject([{ usedBy: ['batch-b'] }])

    const rotate = await world.propose('rotate the secret hf_token')
    expect(rotate.content.notDone.join(' ')).toContain('batch-b')
    await put(rotate, 'another-value-7781')
    await world.approve(rotate, 'hf_token')
    await world.nodes.settle()
    expect((await world.plan(rotate.id)).state).toBe('succeeded')
    expect(await envOf()).toMatchObject({ HF_TOKEN: 'another-value-7781' })
  })

  it('that is not stored keeps a workload from starting, and says so', async () => {
    await expect(world.run('batch-b', 'node-01', { ...job(), secretEnv: { HF_TOKEN: 'hf_token' } })).rejects.toThrow(
      'batch-b needs the secret hf_token, which is not stored.',
    )
  })

  it('that is pasted into the chat is masked before it is kept, and its card warns', async () => {
    const pasted = `hf_${'abcdefghij'.repeat(3)}`
    const plan = await world.propose(`store my hugging face token ${pasted}`)
    expect(await everything()).not.toContain(pasted)
    const message = await world.db.message.findFirstOrThrow({ where: { role: 'user' } })
    expect(message.text).toBe('store my hugging face token [masked: Hugging Face token]')
    expect(plan.content.warnings.join(' ')).toContain('consider it known')
  })
})
