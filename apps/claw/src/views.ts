/** What the command reads of the API's answers; docs/api.md names them in full. */
export interface Page<T> {
  items: T[]
  next: string | null
}

export interface PlanStepAnswer {
  title: string
  target: string
  state: string
  progress: string | null
  error: string | null
}

export interface PlanAnswer {
  id: string
  label: string
  revision: number
  digest: string
  version: number
  title: string
  state: string
  stateReason: string | null
  risk: string
  riskReason: string
  why: string
  expiresAt: string
  steps: PlanStepAnswer[]
  changes: { label: string; before: string; after: string }[]
  commands: { where: string; argv: string[] }[]
  cost: { perHourMicroUsd: number | null; oneOffMicroUsd: number | null; arithmetic: string }
  undo: { possible: boolean; text: string }
  warnings: string[]
  notDone: string[]
  untrusted: string[]
  confirmName: string | null
  drift: { text: string; was: string; is: string }[]
  approvalsNeeded: number
  decisions: { userName: string; decision: string; reason: string | null; via: string; at: string }[]
  may: { approve: boolean; reject: boolean; cancel: boolean; undo: boolean; why: string | null }
  outcome: { text: string; facts: { label: string; value: string }[] } | null
}

export interface MessageAnswer {
  id: string
  seq: number
  role: 'user' | 'agent'
  author: { name: string } | null
  text: string
  blocks: ({ type: string } & Record<string, unknown>)[]
  state: string
  error: string | null
  createdAt: string
}

const OPEN = new Set(['proposed', 'approved', 'running', 'compensating'])
export const isOver = (state: string): boolean => !OPEN.has(state)
