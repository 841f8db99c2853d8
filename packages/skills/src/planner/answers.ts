import { whichToReject } from './plan-options'
import type { PendingPlan, State } from './context'
import { modificationSlots } from './modify'
import type { Slots } from './slots'
import type { Intent } from './tools-table'
import type { Turn } from './turn'
import type { Understanding } from './understand'

export function modified(turn: Turn): Understanding {
  const slots = modificationSlots(turn)
  const target =
    turn.state.pending.length > 1 && slots.plan === undefined ? 'Which of the waiting plans should be different? ' : ''
  return {
    ...act(
      'modify_plan',
      slots,
      0.9,
      `${target}I draw the plan again with that change; the earlier version is not approved.`,
    ),
    asksApproval: true,
  }
}

export function rejected(plan: PendingPlan | undefined, state: State): Understanding {
  if (plan !== undefined) return act('reject', { plan: plan.id }, 1, `You reject plan ${plan.id}; nothing changes.`)
  if (state.pending.length > 1) {
    const { text, options } = whichToReject(state.pending)
    return { ...clarify(text, []), options }
  }
  const nothing = state.pending.length === 0 && state.recommendation === undefined
  return act(
    'reject',
    {},
    1,
    nothing ? 'Nothing is waiting for approval; nothing changes.' : 'Understood; nothing changes.',
  )
}

export function solePlan(state: State): PendingPlan | undefined {
  return state.pending.length === 1 ? state.pending[0] : undefined
}

export function act(intent: Intent, slots: Slots, confidence: number, text: string): Understanding {
  return { intent, slots, confidence, asksApproval: false, text, nearest: [] }
}

export function clarify(text: string, nearest: readonly string[], confidence = 0): Understanding {
  return { ...act('clarify', {}, confidence, text), nearest: [...nearest] }
}
