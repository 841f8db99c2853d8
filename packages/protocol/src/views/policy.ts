import type { PolicyDocument } from '../policy/org-policy'
import type { PolicyAnswer } from '../policy/policy-words'
import type { Risk } from '../plans/content'
import type { PlanStateName } from './plan'

export interface PolicyView {
  document: PolicyDocument
  version: number
  timeZone: string
  /** How many people the organisation has: a quorum of more cannot be met. */
  members: number
  changed: { by: string; at: string } | null
  mayChange: boolean
}

/** What a draft would have said of the plans of the last 30 days. */
export interface SimulationView {
  since: string
  auto: number
  asked: number
  denied: number
  /** More plans than were looked at: the oldest are left out. */
  truncated: boolean
  /** Newest first. */
  plans: {
    id: string
    label: string
    title: string
    at: string
    risk: Risk
    answer: PolicyAnswer
    approvals: number
    reason: string
    /** What became of it in truth. */
    was: PlanStateName
    byItself: boolean
  }[]
}
