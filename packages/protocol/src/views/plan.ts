import type { PlanContent, Risk } from '../plans/content'
import type { StepKind } from '../plans/steps'
import type { Role } from '../permissions'

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
  /** Start an approved plan outside of its maintenance window. */
  startNow: boolean
  /** Make a fresh proposal from the same arguments. */
  askAgain: boolean
  why: string | null
}

/** Who must approve what waits, and who has; counted with the rights and the policy of this moment. */
export interface QuorumView {
  needed: number
  approver: Role
  /** The proposer's own approval does not count. */
  secondPerson: boolean
  given: { name: string; at: string }[]
  lost: { name: string; why: string }[]
  /** Risk and consent as the policy rules them now. */
  ruling: string
}

/** When a plan may start, where maintenance or quiet windows have a say. */
export interface PlanWindowView {
  /** null: none within the next days. */
  opensAt: string | null
  text: string
}

/** The emergency stop holds an approved plan. */
export interface PlanPauseView {
  since: string
  /** Who stopped it, where the plan stands, and that it goes on by itself. */
  text: string
  /** Workloads that are down meanwhile. */
  stopped: string[]
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
  /** Only while it waits for people. */
  quorum: QuorumView | null
  /** Not null: outside of its window; it starts (or would start) at the opening. */
  window: PlanWindowView | null
  /** Not null: the emergency stop is on. */
  paused: PlanPauseView | null
  windowOverride: { by: string; reason: string } | null
  /** The newest plan that was proposed from this one's arguments or, where this one is done, that takes it back. */
  successor: { id: string; label: string; state: PlanStateName } | null
  decisions: DecisionView[]
  /** Empty until approved: then one per content step. */
  steps: PlanStepView[]
  /** Result in words and figures, from execution records. */
  outcome: { text: string; facts: { label: string; value: string }[] } | null
  editedBy: string | null
  /** What changed since the revision before. */
  revisionDiff: { label: string; before: string; after: string }[]
  rights: PlanRights
  /** The value of `content.secretValue` was entered for this revision: by whom and when; never what. */
  secretEntered: { by: string; at: string } | null
  /** Preconditions as seen now (only for proposed plans): drifted ones make approval impossible. */
  drift: { text: string; was: string; is: string }[]
  serverNow: string
}

export interface PlanListItem {
  id: string
  label: string
  revision: number
  /** What a decision on it names. */
  digest: string
  /** The tool that made it. */
  action: string
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
