import type { FindingSeverity } from '@clawbernetes/protocol/views/finding'
import type { GpuState } from '@clawbernetes/protocol/views/gpu'
import type { NodeCondition, NodeStatus } from '@clawbernetes/protocol/views/node'
import type { Tone } from '../../ui/status-pill'

type Presentation = { tone: Tone; word: string; shape?: string }

/** One word and one shape for each state, the same on every screen. */
export const NODE_CONDITION = {
  ok: { tone: 'ok', word: 'Healthy' },
  degraded: { tone: 'warn', word: 'Degraded' },
  critical: { tone: 'crit', word: 'Critical' },
  unknown: { tone: 'none', word: 'No data' },
} as const satisfies Record<NodeCondition, Presentation>

export const NODE_STATUS = {
  joining: { tone: 'pend', word: 'Joining' },
  online: { tone: 'ok', word: 'Online' },
  offline: { tone: 'none', word: 'Offline' },
  incompatible: { tone: 'warn', word: 'Incompatible' },
  lost: { tone: 'crit', word: 'Lost' },
} as const satisfies Record<NodeStatus, Presentation>

export const GPU_STATE = {
  free: { tone: 'none', word: 'Free', shape: '□' },
  allocated: { tone: 'ok', word: 'Allocated' },
  cordoned: { tone: 'none', word: 'Cordoned', shape: '◩' },
  suspect: { tone: 'warn', word: 'Suspect' },
  quarantined: { tone: 'crit', word: 'Quarantined' },
  resetting: { tone: 'info', word: 'Resetting', shape: '◐' },
  failed: { tone: 'crit', word: 'Failed' },
  unreadable: { tone: 'crit', word: 'Unreadable' },
  missing: { tone: 'crit', word: 'Missing' },
  'no-data': { tone: 'none', word: 'No data' },
} as const satisfies Record<GpuState, Presentation>

export const SEVERITY = {
  info: { tone: 'info', word: 'Info' },
  warning: { tone: 'warn', word: 'Warning' },
  critical: { tone: 'crit', word: 'Critical' },
} as const satisfies Record<FindingSeverity, Presentation>

/** What a person should read first: not reporting beats everything, else the condition. */
export function presentNode(node: { status: NodeStatus; condition: NodeCondition }): Presentation {
  return node.status === 'online' ? NODE_CONDITION[node.condition] : NODE_STATUS[node.status]
}
