import type { Risk } from '../plans/content'
import type { ThreadView } from './chat'
import type { FindingSeverity } from './finding'
import type { GpuState } from './gpu'
import type { NodeCondition, NodeStatus } from './node'
import type { PlanStateName, StepStateName } from './plan'
import type { ReplicaView, WorkloadStatusName } from './workload'

// What is stored and what people read: one word for each state, the same in the browser, on the command line and in channels.

export const PLAN_STATE_WORDS = {
  proposed: 'Needs approval',
  approved: 'Queued',
  running: 'Running',
  succeeded: 'Done',
  partial: 'Partly done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
  expired: 'Expired',
  stale: 'Out of date',
  withdrawn: 'Withdrawn',
  compensating: 'Undoing',
  compensated: 'Undone',
  needs_attention: 'Needs attention',
} as const satisfies Record<PlanStateName, string>

export const STEP_STATE_WORDS = {
  pending: 'Not started',
  running: 'Running',
  waiting: 'Waiting',
  succeeded: 'Done',
  failed: 'Failed',
  skipped: 'Skipped',
  compensating: 'Undoing',
  compensated: 'Undone',
} as const satisfies Record<StepStateName, string>

export const RISK_WORDS = {
  read: 'None',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
} as const satisfies Record<Risk, string>

export const NODE_CONDITION_WORDS = {
  ok: 'Healthy',
  degraded: 'Degraded',
  critical: 'Critical',
  unknown: 'No data',
} as const satisfies Record<NodeCondition, string>

export const NODE_STATUS_WORDS = {
  joining: 'Joining',
  online: 'Online',
  offline: 'Offline',
  incompatible: 'Incompatible',
  lost: 'Lost',
} as const satisfies Record<NodeStatus, string>

export const GPU_STATE_WORDS = {
  free: 'Free',
  allocated: 'Allocated',
  cordoned: 'Cordoned',
  suspect: 'Suspect',
  quarantined: 'Quarantined',
  resetting: 'Resetting',
  failed: 'Failed',
  unreadable: 'Unreadable',
  missing: 'Missing',
  'no-data': 'No data',
} as const satisfies Record<GpuState, string>

export const SEVERITY_WORDS = {
  info: 'Info',
  warning: 'Warning',
  critical: 'Critical',
} as const satisfies Record<FindingSeverity, string>

export const WORKLOAD_STATUS_WORDS = {
  pending: 'Pending',
  placed: 'Placed',
  starting: 'Starting',
  running: 'Running',
  degraded: 'Degraded',
  stopping: 'Stopping',
  stopped: 'Stopped',
  succeeded: 'Succeeded',
  failed: 'Failed',
} as const satisfies Record<WorkloadStatusName, string>

export const REPLICA_PHASE_WORDS = {
  assigned: 'Assigned',
  pending: 'Pending',
  pulling: 'Pulling image',
  starting: 'Starting',
  running: 'Running',
  ready: 'Ready',
  stopping: 'Stopping',
  exited: 'Exited',
  failed: 'Failed',
  lost: 'Lost',
} as const satisfies Record<ReplicaView['phase'], string>

export const THREAD_STATE_WORDS = {
  running: 'Running',
  'needs-approval': 'Needs approval',
  failed: 'Failed',
} as const satisfies Record<Exclude<ThreadView['state'], 'idle'>, string>

/** A state that this build does not know is shown as it is, not hidden. */
export const wordOf = (words: Readonly<Record<string, string>>, state: string): string =>
  Object.hasOwn(words, state) ? (words[state] ?? state) : state
