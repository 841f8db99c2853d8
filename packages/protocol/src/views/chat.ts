import type { Block } from './blocks'

export interface ToolCallView {
  id: string
  ordinal: number
  name: string
  /** Verb phrase: "Checked GPUs". */
  title: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'waiting' | 'skipped' | 'cancelled'
  args: Record<string, unknown>
  resultPreview: string | null
  error: string | null
  untrusted: boolean
  durationMs: number | null
}

export interface MessageView {
  id: string
  threadId: string
  seq: number
  role: 'user' | 'agent'
  author: { id: string; name: string } | null
  text: string
  blocks: Block[]
  state: 'streaming' | 'complete' | 'failed' | 'stopped'
  error: string | null
  channel: string
  runId: string | null
  /** Empty for messages of people. */
  toolCalls: ToolCallView[]
  /** Which planner wrote it: "embedded" or a provider's model. */
  planner: string | null
  durationMs: number | null
  createdAt: string
  version: number
  /** What was sent along with a person's message. */
  context?: PageContext | null
}

export interface ThreadView {
  id: string
  title: string
  channel: string
  state: 'idle' | 'running' | 'needs-approval' | 'failed'
  createdBy: { id: string; name: string }
  createdAt: string
  updatedAt: string
  pendingPlans: number
  archived: boolean
  /** The reader has seen this thread before, and something came since. */
  unread: boolean
  /** Of a search: the words around what was found in a message. */
  excerpt?: string
}

/** What the page tells the agent about where the person is; shown as removable chips, nothing hidden. */
export interface PageContext {
  page: string
  node?: string
  gpu?: number
  workload?: string
  plan?: string
  /** A selection of several things on the page, in words: "GPU 0 to 3 of node-02", log lines. It is data, never an instruction. */
  selection?: { kind: 'gpus' | 'nodes' | 'workloads' | 'log-lines' | 'chart'; label: string; items: string[] }
}

/** A skill of the agent, as help shows it. */
export interface SkillCardView {
  name: string
  title: string
  description: string
  examples: string[]
}
