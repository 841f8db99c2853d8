'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { type Answer, type DecisionState, IDLE, INERT_MS, reduceDecision } from './decision-machine'
import { planReadings } from './use-plan'

export type Decision = {
  state: DecisionState
  /** The card has just appeared or changed: clicks meant for something else must do nothing. */
  inert: boolean
  approve: () => void
  undoGrace: () => void
  confirm: (typedName: string) => void
  openReject: () => void
  openEdit: () => void
  reject: (reason: string) => void
  dismiss: () => void
}

function useInert(key: string): boolean {
  const [settledKey, setSettledKey] = useState<string | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSettledKey(key), INERT_MS)
    return () => clearTimeout(timer)
  }, [key])
  return settledKey !== key
}

export function useDecision(plan: PlanView, onSettled?: () => void): Decision {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [state, dispatch] = useReducer(reduceDecision, IDLE)
  const inert = useInert(`${plan.revision}:${plan.state}:${plan.risk}:${plan.approvalsNeeded}`)
  const decide = useMutation({ ...trpc.approvals.decide.mutationOptions(), networkMode: 'always' })
  const seen = useRef({ revision: plan.revision, state: plan.state })

  const send = useEffectEvent(async (answer: Answer, words: string | null) => {
    try {
      const decided = await decide.mutateAsync({
        planId: plan.id,
        revision: plan.revision,
        digest: plan.digest,
        decision: answer,
        reason: answer === 'reject' ? words : null,
        typedName: answer === 'approve' ? words : null,
      })
      await queryClient.invalidateQueries(planReadings(trpc, plan.id))
      const settled = decided.state === 'approved' || decided.state === 'rejected'
      dispatch({ type: 'answered', notice: settled ? null : decided.text })
      if (settled) onSettled?.()
    } catch (error) {
      const { code, message } = toApiError(error)
      dispatch({ type: 'refused', code, message })
      await queryClient.invalidateQueries(planReadings(trpc, plan.id))
    }
    await queryClient.invalidateQueries(trpc.plans.list.queryFilter())
  })
  const sending = state.step === 'sending' ? state : null
  useEffect(() => {
    if (sending) void send(sending.answer, sending.words)
  }, [sending])

  const graceEndsAtMs = state.step === 'grace' ? state.endsAtMs : null
  useEffect(() => {
    if (graceEndsAtMs === null) return
    const timer = setTimeout(
      () => dispatch({ type: 'grace-over', nowMs: Math.max(Date.now(), graceEndsAtMs) }),
      graceEndsAtMs - Date.now(),
    )
    return () => clearTimeout(timer)
  }, [graceEndsAtMs])

  // Going on to the next card is no change of mind: what was approved and not taken back is sent.
  const leave = useEffectEvent(() => {
    if (state.step === 'grace') void send('approve', null)
  })
  useEffect(() => () => leave(), [])

  useEffect(() => {
    const previous = seen.current
    if (previous.revision === plan.revision && previous.state === plan.state) return
    seen.current = { revision: plan.revision, state: plan.state }
    dispatch({ type: 'plan-changed', revision: plan.revision, previousRevision: previous.revision })
  }, [plan.revision, plan.state])

  return {
    state,
    inert,
    approve: () => {
      if (!inert) dispatch({ type: 'approve', risk: plan.risk, nowMs: Date.now() })
    },
    undoGrace: () => dispatch({ type: 'undo-grace' }),
    confirm: (typedName) => dispatch({ type: 'confirmed', typedName, nowMs: Date.now() }),
    openReject: () => {
      if (!inert) dispatch({ type: 'open-reject' })
    },
    openEdit: () => {
      if (!inert) dispatch({ type: 'open-edit' })
    },
    reject: (reason) => dispatch({ type: 'reject', reason, nowMs: Date.now() }),
    dismiss: () => dispatch({ type: 'dismiss' }),
  }
}
