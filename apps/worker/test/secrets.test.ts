import { decide } from '@clawbernetes/services/approvals/decide'
import { nodeAssignments } from '@clawbernetes/services/fleet/node-assignments'
import { listAudit } from '@clawbernetes/services/log/list-audit'
import { listSecrets } from '@clawbernetes/services/secrets/list-secrets'
import { pruneSecretDrafts } from '@clawbernetes/services/secrets/prune-secret-drafts'
import { putSecretValue } from '@clawbernetes/services/secrets/put-secret-value'
import { requestSecretPlan } from '@clawbernetes/services/secrets/request-secret-plan'
import type { Tasks } from '@clawbernetes/services/jobs/enqueue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { draftPlan } from '../src/agent/draft-plan'
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

/** Presses a button of Settings > Secrets, lets the worker do its job twice as after a crash, and reads what came of it. */
async function asked(action: 'create' | 'rotate' | 'delete', name = 'hf_token') {
  const { threadId } = await requestSecretPlan({ ctx: world.ana, input: { action, name } })
  const [{ payload } = { payload: null }] = await world.db.$queryRaw<{ payload: Tasks['plan-draft'] | null }[]>`
    select payload from graphile_worker._private_jobs where key = ${`draft:${threadId}`}`
  if (!payload) throw new Error('no job was queued')
  await draftPlan(world.sys, payload)
  await draftPlan(world.sys, payload)
  const plans = await world.db.plan.findMany({ where: { threadId } })
  expect(plans.length).toBeLessThanOrEqual(1)
  const note = await world.db.message.findFirstOrThrow({ where: { threadId }, orderBy: { seq: 'asc' } })
  return { plan: plans[0] ? await world.plan(plans[0].id) : null, says: note.text }
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

  it('is rotated and deleted from Settings with the tools of the chat, one plan at a time, and not while it is used', async () => {
    await stored('hf_token')
    await world.run('batch-b', 'node-01', { ...job(), secretEnv: { HF_TOKEN: 'hf_token' } })
    const used = await asked('delete')
    expect(used.plan).toBeNull()
    expect(used.says).toContain('hf_token is used by batch-b')
    const stop = await world.propose('stop batch-b')
    await world.approve(stop, 'batch-b')
    await world.nodes.settle()

    const rotate = await asked('rotate')
    expect(rotate.plan?.content.secretValue?.name).toBe('hf_token')
    await expect(asked('delete')).rejects.toThrow('already waits for a decision on hf_token')
    await decide({
      ctx: world.ana,
      input: { planId: rotate.plan?.id ?? '', revision: 1, digest: rotate.plan?.digest ?? '', decision: 'reject' },
    })

    const { plan } = await asked('delete')
    if (!plan) throw new Error('no card was drawn')
    expect(plan).toMatchObject({ risk: 'high', content: { confirmName: 'hf_token' } })
    await world.approve(plan, 'hf_token')
    await world.nodes.settle()
    expect((await world.plan(plan.id)).outcome?.text).toContain('hf_token is deleted')
    expect(await listSecrets({ ctx: world.ana })).toEqual([])
    expect(await world.db.secretVersion.count()).toBe(0)
    expect((await asked('delete')).says).toContain('I see no secret named hf_token')
  })

  it('is asked for by those who may propose, with a name that is one', async () => {
    const viewer = await world.member('viewer', 'vera')
    const input = { action: 'create' as const, name: 'hf_token' }
    await expect(requestSecretPlan({ ctx: viewer, input })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(requestSecretPlan({ ctx: world.ana, input: { ...input, name: '1; drop' } })).rejects.toMatchObject({
      code: 'invalid',
    })
    const { plan } = await asked('create', 'wandb_key')
    expect(plan?.content.title).toBe('Store the secret wandb_key')
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
