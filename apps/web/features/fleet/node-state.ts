import type { FindingSeverity } from '@clawbernetes/protocol/views/finding'
import type { GpuState } from '@clawbernetes/protocol/views/gpu'
import type { NodeCondition, NodeStatus } from '@clawbernetes/protocol/views/node'
import {
  GPU_STATE_WORDS,
  NODE_CONDITION_WORDS,
  NODE_STATUS_WORDS,
  SEVERITY_WORDS,
} from '@clawbernetes/protocol/views/state-words'
import type { Tone } from '../../ui/status-pill'

type Presentation = { tone: Tone; word: string; shape?: string }

/** One word and one shape for each state, the same on every screen. */
export const NODE_CONDITION = {
  ok: { tone: 'ok', word: NODE_CONDITION_WORDS.ok },
  degraded: { tone: 'warn', word: NODE_CONDITION_WORDS.degraded },
  critical: { tone: 'crit', word: NODE_CONDITION_WORDS.critical },
  unknown: { tone: 'none', word: NODE_CONDITION_WORDS.unknown },
} as const satisfies Record<NodeCondition, Presentation>

export const NODE_STATUS = {
  joining: { tone: 'pend', word: NODE_STATUS_WORDS.joining },
  online: { tone: 'ok', word: NODE_STATUS_WORDS.online },
  offline: { tone: 'none', word: NODE_STATUS_WORDS.offline },
  incompatible: { tone: 'warn', word: NODE_STATUS_WORDS.incompatible },
  lost: { tone: 'crit', word: NODE_STATUS_WORDS.lost },
} as const satisfies Record<NodeStatus, Presentation>

export const GPU_STATE = {
  free: { tone: 'none', word: GPU_STATE_WORDS.free, shape: '□' },
  allocated: { tone: 'ok', word: GPU_STATE_WORDS.allocated },
  cordoned: { tone: 'none', word: GPU_STATE_WORDS.cordoned, shape: '◩' },
  suspect: { tone: 'warn', word: GPU_STATE_WORDS.suspect },
  quarantined: { tone: 'crit', word: GPU_STATE_WORDS.quarantined },
  resetting: { tone: 'info', word: GPU_STATE_WORDS.resetting, shape: '◐' },
  failed: { tone: 'crit', word: GPU_STATE_WORDS.failed },
  unreadable: { tone: 'crit', word: GPU_STATE_WORDS.unreadable },
  missing: { tone: 'crit', word: GPU_STATE_WORDS.missing },
  'no-data': { tone: 'none', word: GPU_STATE_WORDS['no-data'] },
} as const satisfies Record<GpuState, Presentation>

export const SEVERITY = {
  info: { tone: 'info', word: SEVERITY_WORDS.info },
  warning: { tone: 'warn', word: SEVERITY_WORDS.warning },
  critical: { tone: 'crit', word: SEVERITY_WORDS.critical },
} as const satisfies Record<FindingSeverity, Presentation>

/** What a person should read first: not reporting beats everything, else the condition. */
export function presentNode(node: { status: NodeStatus; condition: NodeCondition }): Presentation {
  return node.status === 'online' ? NODE_CONDITION[node.condition] : NODE_STATUS[node.status]
}
