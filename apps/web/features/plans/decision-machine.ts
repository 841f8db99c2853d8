import type { Risk } from '@clawbernetes/protocol/plans/content'

/**
 * One person's decision on one card. Nothing here ever says that a plan is approved: only the server's own version does.
 *
 *   idle ──approve(low)──────────────────────────────▶ sending ──▶ idle (server answered; the card shows its state)
 *   idle ──approve(medium)──▶ grace ──5 s────────────▶ sending
 *                              └──undo──▶ idle
 *   idle ──approve(high)──▶ confirming ──typed name──▶ sending ──refused──▶ refused
 *   idle ──reject…────────▶ rejecting ──send─────────▶ sending
 *   any but sending ──another revision or state──▶ idle, with word of it when a dialog was open
 */
export const GRACE_MS = 5000
export const SLOW_AFTER_MS = 10_000
/** After a card appears or changes under the pointer its buttons do nothing for this long. */
export const INERT_MS = 500

export type Answer = 'approve' | 'reject'
export type DecisionState =
  | { step: 'idle'; notice: string | null }
  | { step: 'grace'; endsAtMs: number }
  | { step: 'confirming' }
  | { step: 'rejecting' }
  | { step: 'editing' }
  /** `words`: the reason of a rejection, or the name typed for a high risk. */
  | { step: 'sending'; answer: Answer; words: string | null; sinceMs: number }
  | { step: 'refused'; code: string; message: string }

export type DecisionEvent =
  | { type: 'approve'; risk: Risk; nowMs: number }
  | { type: 'undo-grace' }
  | { type: 'grace-over'; nowMs: number }
  | { type: 'confirmed'; typedName: string; nowMs: number }
  | { type: 'open-reject' }
  | { type: 'open-edit' }
  | { type: 'reject'; reason: string; nowMs: number }
  | { type: 'dismiss' }
  /** `notice`: what the server said when the plan still waits or could not go on. */
  | { type: 'answered'; notice: string | null }
  | { type: 'refused'; code: string; message: string }
  | { type: 'plan-changed'; revision: number; previousRevision: number }

export const IDLE: DecisionState = { step: 'idle', notice: null }

export function reduceDecision(state: DecisionState, event: DecisionEvent): DecisionState {
  switch (event.type) {
    case 'approve':
      return state.step === 'idle' || state.step === 'refused' ? approve(event.risk, event.nowMs) : state
    case 'undo-grace':
      return state.step === 'grace' ? IDLE : state
    case 'grace-over':
      return state.step === 'grace' && event.nowMs >= state.endsAtMs
        ? { step: 'sending', answer: 'approve', words: null, sinceMs: event.nowMs }
        : state
    case 'confirmed':
      return state.step === 'confirming'
        ? { step: 'sending', answer: 'approve', words: event.typedName, sinceMs: event.nowMs }
        : state
    case 'open-reject':
      return state.step === 'idle' || state.step === 'refused' ? { step: 'rejecting' } : state
    case 'open-edit':
      return state.step === 'idle' || state.step === 'refused' ? { step: 'editing' } : state
    case 'reject':
      return state.step === 'rejecting'
        ? { step: 'sending', answer: 'reject', words: event.reason.trim() || null, sinceMs: event.nowMs }
        : state
    case 'dismiss':
      return state.step === 'confirming' ||
        state.step === 'rejecting' ||
        state.step === 'editing' ||
        state.step === 'refused'
        ? IDLE
        : state
    case 'answered':
      return state.step === 'sending' ? { step: 'idle', notice: event.notice } : state
    case 'refused':
      return state.step === 'sending' ? { step: 'refused', code: event.code, message: event.message } : state
    case 'plan-changed':
      return planChanged(state, event.revision, event.previousRevision)
  }
}

function approve(risk: Risk, nowMs: number): DecisionState {
  if (risk === 'high' || risk === 'critical') return { step: 'confirming' }
  if (risk === 'medium') return { step: 'grace', endsAtMs: nowMs + GRACE_MS }
  return { step: 'sending', answer: 'approve', words: null, sinceMs: nowMs }
}

function planChanged(state: DecisionState, revision: number, previousRevision: number): DecisionState {
  if (state.step === 'sending') return state
  const wasActing =
    state.step === 'confirming' || state.step === 'grace' || state.step === 'rejecting' || state.step === 'editing'
  if (wasActing && revision !== previousRevision)
    return { step: 'idle', notice: `r${revision} replaced r${previousRevision}. Nothing was decided; read it again.` }
  return wasActing ? { step: 'idle', notice: 'The plan changed while you were deciding. Nothing was sent.' } : IDLE
}
