import type { PlanContent, Risk } from '../plans/content'
import type { StepKind } from '../plans/steps'

/** As stored; the card's words for each are in the web app. */
export type PlanStateName =
  | 'proposed'
  | 'approved'
  | 'running'
  | 'succeeded'
  | 'partial'
  | 'failed'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'stale'
  | 'withdrawn'
  | 'compensating'
  | 'compensated'
  | 'needs_attention'
export type StepStateName =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'compensating'
  | 'compensated'

export interface PlanStepView {
  id: string
  ordinal: number
  kind: StepKind
  title: string
  state: StepStateName
  attempt: number
  progress: string | null
  error: string | null
  startedAt: string | null
  finishedAt: string | null
}

export interface DecisionView {
  userId: string
  userName: string
  decision: 'approve' | 'reject'
  reason: string | null
  via: string
  quote: string | null
  selfApproved: boolean
  at: string
}

/** What the viewer may do with the plan right now, decided by the server, with the reason when not. */
export interface PlanRights {
  approve: boolean
  reject: boolean
  edit: boolean
  cancel: boolean
  undo: boolean
  why: string | null
}

/** Everything the card needs. Times are ISO 8601; `serverNow` anchors countdowns. */
export interface PlanView {
  id: string
  /** "PL-204" */
  label: string
  number: number
  revision: number
  latestRevision: number
  digest: string
  state: PlanStateName
  stateReason: string | null
  version: number
  demo: boolean
  content: PlanContent
  risk: Risk
  proposedBy: { id: string; name: string; kind: 'agent' | 'person' }
  threadId: string | null
  createdAt: string
  expiresAt: string
  startedAt: string | null
  finishedAt: string | null
  approvalsNeeded: number
  decisions: DecisionView[]
  /** Empty until approved: then one per content step. */
  steps: PlanStepView[]
  /** Result in words and figures, from execution records. */
  outcome: { text: string; facts: { label: string; value: string }[] } | null
  editedBy: string | null
  /** What changed since the revision before. */
  revisionDiff: { label: string; before: string; after: string }[]
  rights: PlanRights
  /** Preconditions as seen now (only for proposed plans): drifted ones make approval impossible. */
  drift: { text: string; was: string; is: string }[]
  serverNow: string
}

export interface PlanListItem {
  id: string
  label: string
  revision: number
  title: string
  state: PlanStateName
  risk: Risk
  proposedBy: string
  threadId: string | null
  createdAt: string
  expiresAt: string
  approvalsNeeded: number
  approvals: number
  mine: boolean
  demo: boolean
}
