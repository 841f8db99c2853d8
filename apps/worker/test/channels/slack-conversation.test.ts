import { postNote } from '@clawbernetes/services/chat/post-note'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { applyReplicaStatuses } from '@clawbernetes/services/workloads/apply-replica-status'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { until } from '../until'
import { buttonsOf, textOf } from './testing/fake-slack'
import { OPS, type SlackWorld, slackWorld } from './testing/slack-world'

let world: SlackWorld
// Real servers and a worker of its own for each test: slow only where the machine is.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
beforeEach(async () => {
  world = await slackWorld()
})
afterEach(() => world.close())

const FIRST = 'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.'

describe('a conversation in Slack', () => {
  it('answers a mention in its thread, from data, and goes on there without another mention', async () => {
    await world.linked('operator', 'ana2', 'U0ANA')
    const ts = await world.mention('U0ANA', 'what GPUs do we have?')
    const answer = await world.posted('the answer', (p) => textOf(p).includes('12 GPUs'))
    expect(answer).toMatchObject({ channel: OPS, threadTs: ts })
    const thread = await world.db.thread.findFirstOrThrow()
    expect(thread.channel).toBe('slack')
    await world.send({
      type: 'event_callback',
      team_id: 'T0ACME',
      event_id: 'EvX',
      event: {
        type: 'message',
        channel_type: 'channel',
        user: 'U0ANA',
        text: 'list the nodes',
        ts: world.slack.nextTs(),
        thread_ts: ts,
        channel: OPS,
      },
    })
    await world.posted('the second answer', (p) => textOf(p).includes('2 nodes'))
    expect(await world.db.thread.count()).toBe(1)
    expect(await world.db.message.count({ where: { role: 'user', channel: 'slack' } })).toBe(2)
  })

  it('posts a plan card, runs the plan on Approve, and tells on the card how it went', async () => {
    await world.linked('operator', 'ana2', 'U0ANA')
    await world.mention('U0ANA', FIRST)
    const card = await world.posted('the card', (p) => buttonsOf(p).some((b) => b.text.text === 'Approve'))
    const shown = textOf(card)
    for (const words of ['4 × A100-80GB of node-01', 'Why:', 'Risk', 'Affects', 'Cost', '+$7.20/h', 'Undo', 'Expires'])
      expect(shown).toContain(words)
    const approve = buttonsOf(card).find((b) => b.text.text === 'Approve')
    const plan = await world.db.plan.findFirstOrThrow()
    expect(approve?.value).toBe(`${plan.id}:1`)
    expect(approve?.confirm?.text.text).toContain('Cost')
    expect((await world.press('U0ANA', card, 'Approve')).status).toBe(200)
    await until('the replica is placed', async () => (await world.db.replica.count()) === 1)
    const replica = await world.db.replica.findFirstOrThrow()
    await applyReplicaStatuses({
      sys: world.sys,
      nodes: [{ nodeId: world.nodes.node01, statuses: [running(replica.id)] }],
    })
    await world.posted('the end on the card', (p) => p.ts === card.ts && textOf(p).includes('✓ Done'))
    expect(textOf(card)).toContain('Approved by ana2 via Slack')
    expect(buttonsOf(card).map((b) => b.text.text)).toEqual(['Details'])
    const done = await readPlan({ ctx: world.ctx(), input: { planId: plan.id } })
    expect(done.state).toBe('succeeded')
    expect(done.decisions[0]).toMatchObject({ userName: 'ana2', via: 'slack', decision: 'approve' })
    // The continuation closes the talk in the same thread.
    await world.posted(
      'what came of it',
      (p) => p.threadTs === card.threadTs && textOf(p).includes('is running on node-01'),
    )
  })

  it('asks for a reason in a dialogue and brings it to the plan and its conversation', async () => {
    await world.linked('operator', 'ana2', 'U0ANA')
    await world.mention('U0ANA', FIRST)
    const card = await world.posted('the card', (p) => buttonsOf(p).some((b) => b.text.text === 'Reject'))
    await world.press('U0ANA', card, 'Reject')
    const view = world.slack.views[0]?.view
    expect(view).toMatchObject({ callback_id: 'plan.reject' })
    const answered = await world.send(
      {
        type: 'view_submission',
        team: { id: 'T0ACME' },
        user: { id: 'U0ANA', team_id: 'T0ACME' },
        view: {
          ...view,
          state: { values: { reason: { reason: { type: 'plain_text_input', value: 'use node-02 instead' } } } },
        },
      },
      { form: true },
    )
    expect(answered.status).toBe(200)
    await world.posted('the rejection', (p) => p.ts === card.ts && textOf(p).includes('use node-02 instead'))
    const plan = await world.db.plan.findFirstOrThrow()
    expect(plan).toMatchObject({ state: 'rejected', stateReason: 'use node-02 instead' })
    expect(await world.db.approval.findFirst()).toMatchObject({ via: 'slack', reason: 'use node-02 instead' })
  })

  it('offers choices as buttons whose words come from the server', async () => {
    await world.linked('operator', 'ana2', 'U0ANA')
    await world.mention('U0ANA', 'what GPUs do we have?')
    await world.posted('the answer', (p) => textOf(p).includes('12 GPUs'))
    const { id: threadId } = await world.db.thread.findFirstOrThrow()
    await postNote(world.sys, {
      orgId: world.orgId,
      threadId,
      text: '',
      blocks: [
        { type: 'choice', question: 'Which do you mean?', options: [{ label: 'The nodes', send: 'list the nodes' }] },
      ],
    })
    const asked = await world.posted('choices', (p) => buttonsOf(p).some((b) => b.action_id.startsWith('choice.')))
    const [first] = buttonsOf(asked)
    expect(first?.value).toMatch(/^msg_[0-9a-z]{26}:\d+:0$/)
    await world.press('U0ANA', asked, first?.text.text ?? '')
    await world.press('U0ANA', asked, first?.text.text ?? '')
    await until(
      'the choice was answered',
      // The first answer, the question, and the answer to the press.
      async () => (await world.db.message.count({ where: { role: 'agent' } })) === 3,
    )
    expect(await world.db.message.count({ where: { role: 'user' } })).toBe(2)
  })

  it('keeps one conversation between two in a direct message, and another after a rest', async () => {
    await world.linked('operator', 'ana2', 'U0ANA')
    await world.mention('U0ANA', 'what GPUs do we have?', { channel: 'D0ANA' })
    const answer = await world.posted('the answer', (p) => p.channel === 'D0ANA')
    expect(answer.threadTs).toBeNull()
    await world.mention('U0ANA', 'list the nodes', { channel: 'D0ANA' })
    await world.posted('the second', (p) => textOf(p).includes('2 nodes'))
    expect(await world.db.thread.count()).toBe(1)
    await world.db.channelThread.updateMany({ data: { lastAt: new Date(Date.now() - 13 * 3_600_000) } })
    await world.mention('U0ANA', 'what is running?', { channel: 'D0ANA' })
    await world.posted('the third', (p) => textOf(p).includes('Nothing runs'))
    expect(await world.db.thread.count()).toBe(2)
  })
})

const running = (replicaId: string) => ({
  replicaId,
  generation: 1,
  seq: 1,
  phase: 'running' as const,
  atMs: Date.now(),
  startedAtMs: Date.now(),
  finishedAtMs: null,
  exitCode: null,
  signal: null,
  oomKilled: null,
  restarts: 0,
  gpuVerified: true,
  endpoints: [],
  reason: null,
})
