import type { MessageView, ToolCallView } from '@clawbernetes/protocol/views/chat'
import { expect, test } from 'vitest'
import { type ThreadPage, withNews } from './thread-news'

const message = (seq: number, patch: Partial<MessageView> = {}): MessageView => ({
  id: `msg_${seq}`,
  threadId: 'thr_1',
  seq,
  role: 'agent',
  author: null,
  text: `words ${seq}`,
  blocks: [],
  state: 'complete',
  error: null,
  channel: 'web',
  runId: null,
  toolCalls: [],
  planner: null,
  durationMs: null,
  createdAt: '2026-11-22T14:00:00.000Z',
  version: 1,
  ...patch,
})
const call = (ordinal: number): ToolCallView & { runId: string } => ({
  id: `call_${ordinal}`,
  runId: 'run_1',
  ordinal,
  name: 'list_gpus',
  title: 'Looked at GPUs',
  state: 'done',
  args: {},
  resultPreview: null,
  error: null,
  untrusted: false,
  durationMs: 3,
})
const page = (patch: Partial<ThreadPage> = {}): ThreadPage => ({
  thread: {
    id: 'thr_1',
    title: 'T',
    channel: 'web',
    state: 'idle',
    createdBy: { id: 'u', name: 'Ana' },
    createdAt: '',
    updatedAt: '',
    pendingPlans: 0,
    archived: false,
    unread: false,
  },
  messages: [message(1, { role: 'user' })],
  activeRun: { id: 'run_1', toolCalls: [] },
  more: false,
  ...patch,
})
const seqs = (of: ThreadPage | null) => of?.messages.map((m) => m.seq)

test('the next message is shown without asking the server, and ends its run', () => {
  const next = withNews(page(), { message: message(2, { runId: 'run_1' }) })
  expect(seqs(next)).toEqual([1, 2])
  expect(next?.activeRun).toBeNull()
})

test('a message heard twice is shown once', () => {
  const once = withNews(page(), { message: message(2) })
  expect(once && seqs(withNews(once, { message: message(2) }))).toEqual([1, 2])
})

test('a message with a gap before it asks for a fresh read', () => {
  expect(withNews(page(), { message: message(4) })).toBeNull()
})

test('an older version never replaces a newer one', () => {
  const held = page({ messages: [message(1, { version: 3, text: 'final' })] })
  expect(withNews(held, { message: message(1, { version: 2, text: 'half' }) })?.messages[0]?.text).toBe('final')
})

test('steps appear in their order while a run goes on, and not after its answer', () => {
  const two = [call(1), call(0)].reduce<ThreadPage | null>(
    (held, toolCall) => held && withNews(held, { toolCall }),
    page(),
  )
  expect(two?.activeRun?.toolCalls.map((c) => c.ordinal)).toEqual([0, 1])
  const answered = page({ messages: [message(1), message(2, { runId: 'run_1' })], activeRun: null })
  expect(withNews(answered, { toolCall: call(2) })?.activeRun).toBeNull()
})

test('a step of a run that is not the one shown asks for a fresh read', () => {
  expect(withNews(page({ activeRun: { id: 'run_0', toolCalls: [] } }), { toolCall: call(0) })).toBeNull()
})
