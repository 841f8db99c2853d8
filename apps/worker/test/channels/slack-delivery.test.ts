import { claimPost } from '@clawbernetes/services/channels/claim-post'
import { connectChannel } from '@clawbernetes/services/channels/connect-channel'
import { listChannels } from '@clawbernetes/services/channels/list-channels'
import { readTestCard, sendTestCard } from '@clawbernetes/services/channels/send-test-card'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import { newId } from '@clawbernetes/services/context'
import { openFinding } from '@clawbernetes/services/diagnosis/store-finding'
import { recordEvent } from '@clawbernetes/services/log/record-event'
import { ring } from '@clawbernetes/services/log/ring'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { until } from '../until'
import { buttonsOf, textOf } from './testing/fake-slack'
import { OPS, SECRET, type SlackWorld, slackWorld } from './testing/slack-world'

let world: SlackWorld
// Real servers and a worker of its own for each test: slow only where the machine is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
beforeEach(async () => {
  world = await slackWorld()
  await world.linked('operator', 'ana2', 'U0ANA')
})
afterEach(() => world.close())

const FIRST = 'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.'
const calls = (method: string) => world.slack.calls.filter((c) => c.method === method)
const inTheWeb = async (text: string) => {
  const ben = await world.member('operator', 'ben')
  await sendMessage({ ctx: ben, input: { text, clientKey: 'web-key-0' } })
}
const NOTHING = { answers: true, planWaiting: false, planFinished: false, findings: false, emergency: false }

describe('bringing answers to Slack', () => {
  it('waits as long as Slack asks, then posts once', async () => {
    world.slack.faults.put('chat.postMessage', { kind: 'rate', retryAfterS: 2 })
    await world.mention('U0ANA', 'list the nodes')
    await world.posted('the answer', (p) => textOf(p).includes('2 nodes'))
    const [first, second] = calls('chat.postMessage')
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1900)
    expect(world.slack.public(OPS)).toHaveLength(1)
  })

  it('finds a message whose answer was lost instead of posting it again', async () => {
    world.slack.faults.put('chat.postMessage', { kind: 'lost' })
    await world.mention('U0ANA', 'list the nodes')
    await until(
      'the post is known',
      async () => (await world.db.channelPost.count({ where: { state: 'posted' } })) === 1,
    )
    expect(world.slack.public(OPS)).toHaveLength(1)
    expect(calls('chat.postMessage')).toHaveLength(1)
  })

  it('tries again when Slack is down', async () => {
    world.slack.faults.put('chat.postMessage', { kind: 'down' })
    await world.mention('U0ANA', 'list the nodes')
    await world.posted('the answer', (p) => textOf(p).includes('2 nodes'))
    expect(world.slack.public(OPS)).toHaveLength(1)
  })

  it('loses no answer while no worker lives, and posts no card twice after one died at it', async () => {
    await world.stopWorker()
    await world.mention('U0ANA', FIRST)
    expect(world.slack.posts).toHaveLength(0)
    await world.restartWorker()
    const card = await world.posted('the card', (p) => buttonsOf(p).some((b) => b.text.text === 'Approve'))
    await until('it is known', async () => (await world.db.channelPost.count({ where: { state: 'pending' } })) === 0)
    await world.stopWorker()
    // A worker that died after Slack took the card and before it could write that down.
    const row = await world.db.channelPost.findFirstOrThrow({ where: { kind: 'plan' } })
    await world.db.channelPost.update({
      where: { id: row.id },
      data: { externalTs: null, shownHash: null, state: 'pending', sentAt: null },
    })
    expect(await claimPost(world.sys, { postId: row.id })).toMatchObject({ uncertain: true })
    expect(await claimPost(world.sys, { postId: row.id })).toBeNull()
    await world.db.channelPost.update({ where: { id: row.id }, data: { leaseUntil: new Date(Date.now() - 1) } })
    await world.db.$executeRaw`update graphile_worker._private_jobs set run_at = now()`
    await world.restartWorker()
    await until(
      'it is known again',
      async () => (await world.db.channelPost.count({ where: { state: 'pending' } })) === 0,
    )
    expect(world.slack.public(OPS).filter((p) => textOf(p).includes('Needs approval'))).toHaveLength(1)
    expect((await world.db.channelPost.findUniqueOrThrow({ where: { id: row.id } })).externalTs).toBe(card.ts)
  })

  it('says in the settings that the token was revoked, and brings what waited when there is a new one', async () => {
    world.slack.tokens.clear()
    await world.mention('U0ANA', 'list the nodes')
    await until('it shows as broken', async () => (await listChannels({ ctx: world.ctx() }))[0]?.state === 'broken')
    const [shown] = await listChannels({ ctx: world.ctx() })
    expect(shown?.problem).toContain('invalid_auth')
    expect(JSON.stringify(shown)).not.toContain('xoxb')
    world.slack.tokens.add('xoxb-test-token-2')
    const { connectionId } = world
    const input = { kind: 'slack' as const, connectionId, botToken: 'xoxb-test-token-2', signingSecret: SECRET }
    await connectChannel({ ctx: world.ctx(), input })
    await world.posted('the answer', (p) => textOf(p).includes('2 nodes'))
    expect((await listChannels({ ctx: world.ctx() }))[0]).toMatchObject({ state: 'active', problem: null })
  })

  it('names the channel trouble and goes on elsewhere', async () => {
    world.slack.faults.put('chat.postMessage', { kind: 'error', error: 'not_in_channel' })
    await world.mention('U0ANA', 'list the nodes')
    await until('the settings name it', async () =>
      Boolean((await listChannels({ ctx: world.ctx() }))[0]?.problem?.includes('Invite it with /invite')),
    )
    await world.mention('U0ANA', 'list the nodes', { channel: 'D0ANA' })
    await world.posted('the next one', (p) => p.channel === 'D0ANA' && textOf(p).includes('2 nodes'))
  })

  it('shows a long answer while it is written, in one message that changes at most once a second', async () => {
    const ts = await world.mention('U0ANA', 'list the nodes')
    await world.posted('the answer', (p) => textOf(p).includes('2 nodes'))
    const thread = await world.db.thread.findFirstOrThrow()
    const asked = await world.db.message.findFirstOrThrow({ where: { role: 'user' } })
    const runId = newId('run', new Date())
    // A turn of a language model that is being written: its words come as bells.
    await world.db.agentRun.create({
      data: {
        id: runId,
        orgId: world.orgId,
        threadId: thread.id,
        onBehalfOf: asked.authorId ?? '',
        state: 'running',
        startedAt: new Date(Date.now() - 5000),
      },
    })
    const messageId = newId('message', new Date())
    const delta = (text: string, at: number) =>
      ring(world.db, { topic: 'delta', orgId: world.orgId, threadId: thread.id, messageId, text, at })
    let written = ''
    for (const piece of ['The first ', 'words of ', 'a long ', 'answer']) {
      await delta(piece, written.length)
      written += piece
      await until(`Slack shows "${written}"`, async () =>
        world.slack.public(OPS).some((p) => textOf(p).includes(written.trim())),
      )
    }
    await world.db.message.create({
      data: {
        id: messageId,
        orgId: world.orgId,
        threadId: thread.id,
        seq: 3,
        role: 'agent',
        runId,
        text: `${written} with its end.`,
        channel: 'slack',
      },
    })
    await world.db.agentRun.update({ where: { id: runId }, data: { state: 'done' } })
    const post = await world.posted('the end', (p) => textOf(p).includes('with its end.'))
    expect(post.threadTs).toBe(ts)
    expect(world.slack.public(OPS)).toHaveLength(2)
    const times = calls('chat.update')
      .filter((c) => c.args.ts === post.ts)
      .map((c) => c.atMs)
    for (const [i, at] of times.entries()) if (i > 0) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(990)
  })

  it('tells in Slack what was written into the thread in the web, and its answer', async () => {
    const ts = await world.mention('U0ANA', 'list the nodes')
    await world.posted('the answer', (p) => textOf(p).includes('2 nodes'))
    const ben = await world.member('operator', 'ben')
    const thread = await world.db.thread.findFirstOrThrow()
    await sendMessage({ ctx: ben, input: { threadId: thread.id, text: 'what is running?', clientKey: 'web-key-1' } })
    const said = await world.posted('what ben said', (p) => textOf(p).includes('ben in the web'))
    expect(said.threadTs).toBe(ts)
    await world.posted('its answer', (p) => textOf(p).includes('Nothing runs'))
  })
})

describe('telling without being asked', () => {
  it('posts a plan that waits, once per channel that wants it, and its end under the card', async () => {
    await world.settings({ rooms: [{ id: OPS, ...NOTHING, planWaiting: true, planFinished: true }] })
    await inTheWeb(FIRST)
    const card = await world.posted('the card', (p) => textOf(p).includes('Needs approval'))
    expect(card).toMatchObject({ channel: OPS, threadTs: null })
    await world.db.plan.updateMany({
      data: { state: 'failed', finishedAt: new Date(), stateReason: 'the node died', version: { increment: 1 } },
    })
    await world.posted('the end under it', (p) => p.threadTs === card.ts && textOf(p).includes('failed'))
    await world.posted('the end on it', (p) => p.ts === card.ts && textOf(p).includes('◆ Failed'))
    expect(world.slack.public(OPS)).toHaveLength(2)
  })

  it('goes on with the conversation of a plan when somebody mentions it under the card', async () => {
    await world.settings({ rooms: [{ id: OPS, ...NOTHING, planWaiting: true }] })
    await inTheWeb(FIRST)
    const card = await world.posted('the card', (p) => textOf(p).includes('Needs approval'))
    await world.mention('U0ANA', 'no, use two GPUs', { threadTs: card.ts })
    await world.posted('the next revision', (p) => p.ts === card.ts && textOf(p).includes(' r2 '))
    expect(await world.db.thread.count()).toBe(1)
    expect(await world.db.plan.count()).toBe(1)
  })

  it('posts critical findings and the emergency stop, not what came before it was asked to', async () => {
    const event = (kind: string, data: object) =>
      world.db.$transaction((tx) =>
        recordEvent(tx, {
          orgId: world.orgId,
          room: `org:${world.orgId}`,
          kind,
          entityId: world.orgId,
          entityVersion: 1,
          data: { ...data },
        }),
      )
    await event('org.frozen', { by: 'usr_ana2', reason: 'too early' })
    await world.settings({ rooms: [{ id: OPS, ...NOTHING, findings: true, emergency: true }] })
    await event('org.frozen', { by: 'usr_ana2', reason: 'GPU 3 burns <!channel>' })
    const frozen = await world.posted('the stop', (p) => textOf(p).includes('Emergency stop is on'))
    expect(textOf(frozen)).toContain('ana2')
    expect(textOf(frozen)).toContain('GPU 3 burns &lt;!channel&gt;')
    await event('org.unfrozen', { by: 'usr_ana2' })
    await world.posted('its end', (p) => textOf(p).includes('Emergency stop is lifted'))
    const target = { orgId: world.orgId, nodeId: world.nodes.node01, gpuId: null }
    const draft = {
      rule: 'test',
      severity: 'critical' as const,
      title: 'GPU fell off the bus',
      detail: 'XID 79',
      evidence: { for: [], against: [], confidence: 'high' as const, hypotheses: [], nextTest: null, action: null },
      sinceMs: Date.now(),
    }
    await openFinding(world.sys, target, draft)
    await openFinding(world.sys, target, { ...draft, rule: 'other', severity: 'warning', title: 'warm' })
    const finding = await world.posted('the finding', (p) => textOf(p).includes('GPU fell off the bus'))
    await world.db.finding.updateMany({
      where: { rule: 'test' },
      data: { state: 'cleared', clearedAt: new Date(), version: { increment: 1 } },
    })
    await world.posted('that it is over', (p) => p.ts === finding.ts && textOf(p).includes('✓ Cleared'))
    expect(world.slack.public(OPS)).toHaveLength(3)
  })

  it('posts a test card whose buttons change nothing', async () => {
    const { postId } = await sendTestCard({
      ctx: world.ctx(),
      input: { connectionId: world.connectionId, roomId: OPS },
    })
    const card = await world.posted('the test', (p) => textOf(p).includes('Test'))
    await until(
      'it is known',
      async () => (await readTestCard({ ctx: world.ctx(), input: { postId } })).state === 'posted',
    )
    await world.press('U0ANA', card, 'Approve')
    await until('it says so', async () => world.slack.whispers('U0ANA').some((p) => textOf(p).includes('test card')))
  })

  it('keeps its settings to administrators, and its secrets to itself', async () => {
    const operator = world.ctx('operator')
    await expect(
      sendTestCard({ ctx: operator, input: { connectionId: world.connectionId, roomId: OPS } }),
    ).rejects.toThrow('role admin')
    await expect(
      connectChannel({ ctx: operator, input: { kind: 'slack', botToken: 'xoxb-0123456789', signingSecret: SECRET } }),
    ).rejects.toThrow('role admin')
    expect(await listChannels({ ctx: world.stranger })).toEqual([])
    const rows = JSON.stringify(await world.db.channelConnection.findMany())
    expect(rows).not.toContain('xoxb-test-token-1')
    expect(rows).not.toContain(SECRET)
    const audit = JSON.stringify(await world.db.auditEntry.findMany(), (_, v: unknown) =>
      typeof v === 'bigint' ? String(v) : v,
    )
    expect(audit).not.toContain('xoxb-test-token-1')
    // The same bot for another organisation: what arrives could not have two owners.
    const { connectionId } = await connectChannel({
      ctx: world.stranger,
      input: { kind: 'slack', botToken: 'xoxb-test-token-1', signingSecret: SECRET },
    })
    await until('it is refused', async () => {
      const row = await world.db.channelConnection.findUniqueOrThrow({ where: { id: connectionId } })
      return row.state === 'broken' && (row.problem ?? '').includes('already connected')
    })
  })
})
