import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FleetWorld, fleetWorld } from '../fleet/testing/fleet-world'
import { subscribe, type Bell } from '../log/subscribe'
import { claimRun } from './claim-run'
import { finishRun } from './finish-run'
import { postNote } from './post-note'
import { readThread } from './read-thread'
import { newToolCallId } from './record-tool-call'
import { sendMessage } from './send-message'
import { sayEarly } from './stream-message'

let world: FleetWorld
beforeAll(async () => {
  world = await fleetWorld()
})
afterAll(() => world.close())

const send = (text: string, threadId: string | null, key: string) =>
  sendMessage({ ctx: world.ctx(), input: { text, threadId, clientKey: `order-${key}-12345` } })

it('numbers what many write at once without a gap and without a number used twice', async () => {
  const { threadId } = await send('first', null, 'first')
  const orgId = world.ctx().actor.orgId
  await Promise.all([
    ...Array.from({ length: 12 }, (_, i) => send(`message ${i}`, threadId, `many-${i}`)),
    ...Array.from({ length: 6 }, (_, i) => postNote(world.sys, { orgId, threadId, text: `note ${i}`, blocks: [] })),
    // The same send three times at the same moment is one message.
    ...Array.from({ length: 3 }, () => send('again', threadId, 'again')),
  ])
  const { messages } = await readThread({ ctx: world.ctx(), input: { threadId } })
  expect(messages.map((m) => m.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  const thread = await world.db.thread.findUniqueOrThrow({ where: { id: threadId } })
  expect(thread.lastSeq).toBe(20)
})

it('rings with what a reader would read, however long the words', async () => {
  const heard: Bell[] = []
  const rope = subscribe(
    world.url,
    (bell) => heard.push(bell),
    () => {},
  )
  await rope.ready
  const { threadId, messageId } = await send('short words', null, 'bell-short')
  const news = () =>
    heard.find(
      (bell) => bell.topic === 'event' && bell.room === `thread:${threadId}` && bell.event?.entityId === messageId,
    )
  await expect.poll(news).toBeDefined()
  const read = await readThread({ ctx: world.ctx(), input: { threadId } })
  expect(news()).toMatchObject({ news: { message: read.messages[0] }, event: { kind: 'thread.message' } })
  const long = await send('長'.repeat(15_000), threadId, 'bell-long')
  const longBell = () => heard.find((bell) => bell.topic === 'event' && bell.event?.entityId === long.messageId)
  await expect.poll(longBell).toMatchObject({ news: null })
  await rope.stop()
})

it('is answered turn after turn: the second run of a thread waits for the first, and each is taken once', async () => {
  const first = await send('one', null, 'turn-1')
  const second = await send('two', first.threadId, 'turn-2')
  expect(await claimRun(world.sys, { runId: second.runId })).toBe('wait')
  const run = await claimRun(world.sys, { runId: first.runId })
  if (run === null || run === 'wait') throw new Error('the first turn can be taken')
  const answer = { blocks: [], dialogue: {}, planner: 'embedded', error: null, untrusted: [] }
  const startedAt = world.sys.now()
  const step = {
    name: 'list_nodes',
    title: 'Listed nodes',
    args: {},
    state: 'done' as const,
    result: '[]',
    error: null,
  }
  const calls = [{ ...step, id: newToolCallId(startedAt), ordinal: 0, untrusted: false, startedAt, durationMs: 3 }]
  expect(await finishRun(world.sys, run, { ...answer, text: 'One it is.', messageId: 'msg_answer_1', calls })).toBe(
    true,
  )
  expect(await finishRun(world.sys, run, { ...answer, text: 'Twice.', messageId: 'msg_answer_x', calls: [] })).toBe(
    false,
  )
  expect(await claimRun(world.sys, { runId: first.runId })).toBeNull()
  const next = await claimRun(world.sys, { runId: second.runId })
  expect(next).toMatchObject({ history: [{ text: 'one' }] })
  const { messages } = await readThread({ ctx: world.ctx(), input: { threadId: first.threadId } })
  expect(messages.map((m) => m.text)).toEqual(['one', 'two', 'One it is.'])
  expect(messages.at(-1)?.toolCalls.map((call) => call.title)).toEqual(['Listed nodes'])
})

it('a run whose worker died is taken over without its half-written steps', async () => {
  const { runId } = await send('what is running?', null, 'taken-over')
  const run = await claimRun(world.sys, { runId })
  if (run === null || run === 'wait') throw new Error('the turn can be taken')
  await world.db.toolCall.create({
    data: { id: 'call_half', orgId: run.orgId, runId, ordinal: 0, name: 'list_nodes', title: 'x', args: {} },
  })
  expect(await claimRun(world.sys, { runId })).toMatchObject({ id: runId, message: { text: 'what is running?' } })
  expect(await world.db.toolCall.count({ where: { runId } })).toBe(0)
})

it('the first words ring with their steps before the answer is stored, however long the words', async () => {
  const { runId } = await send('which GPUs are free?', null, 'early')
  const run = await claimRun(world.sys, { runId })
  if (run === null || run === 'wait') throw new Error('the turn can be taken')
  const heard: Bell[] = []
  const rope = subscribe(
    world.url,
    (bell) => heard.push(bell),
    () => {},
  )
  await rope.ready
  const step = {
    name: 'list_gpus',
    title: '深'.repeat(200),
    args: {},
    state: 'done' as const,
    result: null,
    error: null,
  }
  const calls = Array.from({ length: 30 }, (_, ordinal) => {
    const startedAt = world.sys.now()
    return { ...step, id: newToolCallId(startedAt), ordinal, untrusted: false, startedAt, durationMs: 3 }
  })
  await sayEarly(world.sys, run, 'msg_early', '字'.repeat(9000), calls)
  await expect.poll(() => heard.find((bell) => bell.topic === 'delta')).toMatchObject({ messageId: 'msg_early', at: 0 })
  expect(await world.db.message.count({ where: { runId } })).toBe(0)
  await rope.stop()
})
