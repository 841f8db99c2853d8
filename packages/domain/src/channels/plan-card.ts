import type { DecisionView, PlanView } from '@clawbernetes/protocol/views/plan'
import { atWords } from '../at-words'
import { type ChannelButton, type ChannelMessage, type ChannelPart, linkButton } from './channel-message'
import { affectedWords, costWords, durationWords, PLAN_WORDS, RISK_WORDS, STEP_SHAPE, viaWords } from './plan-words'

/** Steps that a card in a chat shows; the rest is one link away. */
const SHOWN_STEPS = 5

export interface CardPlace {
  baseUrl: string
  /** Of this posting: what a button says counts only together with it. */
  nonce: string
  /** The platform's buttons decide here; false: look only. */
  decides: boolean
  /** The platform has a dialogue of its own before a button acts (Slack); else the answer to the first press asks. */
  confirms: boolean
}

/** The plan card outside the web: from the row alone, like the card there. High risk is decided in the web. */
export function planCard(plan: PlanView, place: CardPlace): ChannelMessage {
  const state = stateOf(plan)
  const { content } = plan
  const open = plan.state === 'proposed' && state.word !== PLAN_WORDS.expired.word
  const parts: ChannelPart[] = [
    { kind: 'plain', text: `${state.shape} ${state.word}${plan.demo ? ' · demo' : ''}` },
    { kind: 'plain', text: `Why: ${content.why}` },
    ...(open ? warnings(plan) : []),
    { kind: 'facts', items: facts(plan, open) },
    { kind: 'plain', text: steps(plan) },
    ...receipt(plan),
    { kind: 'buttons', nonce: place.nonce, items: buttons(plan, open, place) },
  ]
  return {
    title: `${plan.label} r${plan.revision} · ${content.title}`,
    summary: `${plan.label}: ${content.title}. ${state.word}.`,
    tone: state.tone,
    parts,
  }
}

function stateOf(plan: PlanView) {
  const late = plan.state === 'proposed' && Date.parse(plan.expiresAt) <= Date.parse(plan.serverNow)
  return PLAN_WORDS[late ? 'expired' : plan.state]
}

function warnings(plan: PlanView): ChannelPart[] {
  const { untrusted } = plan.content.origin
  const lines = [
    ...(untrusted.length > 0
      ? [`▲ Formed after reading untrusted text from ${untrusted.join(', ')}. Check that this is what you asked for.`]
      : []),
    ...plan.drift.slice(0, 2).map((d) => `◆ The fleet changed: ${d.text}: was ${d.was}, is ${d.is}.`),
    ...(plan.paused ? [`⏸ ${plan.paused.text}`] : []),
    ...(plan.window ? [`◷ ${plan.window.text}`] : []),
    ...plan.content.warnings.slice(0, 3).map((w) => `▲ ${w}`),
  ]
  return lines.length > 0 ? [{ kind: 'plain', text: lines.join('\n') }] : []
}

function facts(plan: PlanView, open: boolean) {
  const { content } = plan
  return [
    { label: 'Risk', value: `${RISK_WORDS[plan.risk]}: ${content.riskReason || 'reason unknown'}` },
    { label: 'Affects', value: affectedWords(plan) },
    { label: 'Cost', value: costWords(plan) },
    { label: 'Takes', value: durationWords(content.durationS) },
    { label: 'Undo', value: content.undo.possible ? content.undo.text : `Cannot be undone: ${content.undo.text}` },
    ...(open
      ? [
          { label: 'Expires', value: { atMs: Date.parse(plan.expiresAt) } },
          { label: 'Approvals', value: approvals(plan) },
        ]
      : []),
  ]
}

function approvals({ quorum, approvalsNeeded, decisions }: PlanView): string {
  if (!quorum) return `${decisions.filter((d) => d.decision === 'approve').length} of ${Math.max(1, approvalsNeeded)}`
  const who = `by ${quorum.approver} or above${quorum.secondPerson ? ', not by who asked' : ''}`
  const names = quorum.given.length > 0 ? ` (${quorum.given.map((g) => g.name).join(', ')})` : ''
  return `${quorum.given.length}${names} of ${quorum.needed}, ${who}`
}

/** At most five: the first of a proposal, those around the one at work of a plan that runs. */
function steps(plan: PlanView): string {
  const all = plan.content.steps
  const open = plan.steps.findIndex((s) => s.state !== 'succeeded' && s.state !== 'skipped')
  const from = Math.max(0, Math.min(open - 1, all.length - SHOWN_STEPS))
  const lines = all.slice(from, from + SHOWN_STEPS).map((step, i) => {
    const run = plan.steps.find((s) => s.ordinal === from + i)
    if (run) return withTail(`${STEP_SHAPE[run.state]} ${step.title}`, run.error ?? run.progress)
    return withTail(`${from + i + 1}. ${step.title}`, step.estimateS === null ? null : durationWords(step.estimateS))
  })
  const more = all.length - from - SHOWN_STEPS
  return [...(from > 0 ? [`✓ ${from} done before`] : []), ...lines, ...(more > 0 ? [`+${more} more`] : [])].join('\n')
}

const withTail = (text: string, tail: string | null): string => (tail ? `${text} · ${tail}` : text)

/** Who decided, through which door and when; then what came of it. */
function receipt(plan: PlanView): ChannelPart[] {
  const lines = plan.decisions.map((d) => decisionWords(d))
  if (plan.decisions.length === 0 && plan.state !== 'proposed' && plan.approvalsNeeded === 0)
    lines.push('Approved by the policy.')
  if (plan.state === 'rejected' && plan.decisions.length === 0 && plan.stateReason) lines.push(plan.stateReason)
  if (plan.outcome) lines.push(plan.outcome.text)
  else if (plan.stateReason && plan.state !== 'rejected') lines.push(plan.stateReason)
  return lines.length > 0 ? [{ kind: 'plain', text: lines.join('\n') }] : []
}

const decisionWords = (d: DecisionView): string =>
  `${d.decision === 'approve' ? '✓ Approved' : '✕ Rejected'} by ${d.userName} via ${viaWords(d.via)}, ${atWords(new Date(d.at))}${d.reason ? `: ${d.reason}` : ''}`

/** High risk, a name to be typed, a secret to be entered: a card in a chat cannot hold these. */
export const needsWeb = ({ risk, content, secretEntered }: PlanView): boolean =>
  risk === 'high' ||
  risk === 'critical' ||
  content.confirmName !== null ||
  (content.secretValue !== undefined && secretEntered === null)

function buttons(plan: PlanView, open: boolean, place: CardPlace): ChannelButton[] {
  const page = `${place.baseUrl}/plans/${plan.label}`
  if (!open) return [linkButton('Details', page)]
  if (needsWeb(plan) || !place.decides) return [{ ...linkButton('Review in web', page), style: 'primary' }]
  const value = `${plan.id}:${plan.revision}`
  const asks = plan.risk !== 'low' && plan.risk !== 'read'
  const confirm = {
    title: `Approve ${plan.label} r${plan.revision}`,
    text: `${plan.content.title}. Affects ${affectedWords(plan)}. Cost ${costWords(plan)}.`,
    yes: 'Approve',
  }
  return [
    {
      // Where the platform has no dialogue, the first press asks and the second one decides.
      act: asks && !place.confirms ? 'plan.confirm' : 'plan.approve',
      label: 'Approve',
      style: 'primary',
      value,
      url: null,
      confirm: asks && place.confirms ? confirm : null,
    },
    { act: 'plan.reject', label: 'Reject', style: 'danger', value, url: null, confirm: null },
    linkButton('Details', page),
  ]
}
