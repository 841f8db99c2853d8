import { PLAN_STATE_WORDS, RISK_WORDS, STEP_STATE_WORDS, wordOf } from '@clawbernetes/protocol/views/state-words'
import { oneLine, plain } from './terminal'
import type { PlanAnswer } from './views'

/** The card of a plan as text: what would be done, to what, at what cost, and the way back. */
export function planCard(plan: PlanAnswer): string {
  const lines = [
    `${plan.label}  ${oneLine(plan.title)}`,
    `${stateWords(plan)} · Risk: ${wordOf(RISK_WORDS, plan.risk)} (${oneLine(plan.riskReason)})`,
    ...(plan.why ? [`Why: ${oneLine(plan.why)}`] : []),
    ...plan.untrusted.map((source) => `! Drafted after reading text that is not ours: ${oneLine(source)}`),
    '',
    ...plan.steps.map((step, i) => `  ${i + 1}. ${oneLine(step.title)}${stepWords(step)}`),
    ...section(
      'Changes',
      plan.changes.map((c) => `${oneLine(c.label)}: ${oneLine(c.before)} -> ${oneLine(c.after)}`),
    ),
    ...section(
      'Runs',
      plan.commands.map((c) => `${oneLine(c.where)}: ${c.argv.map(quoted).join(' ')}`),
    ),
    ...section('Warnings', plan.warnings.map(oneLine)),
    ...section('Not done', plan.notDone.map(oneLine)),
    ...section(
      'The fleet moved',
      plan.drift.map((d) => `${oneLine(d.text)}: was ${oneLine(d.was)}, is ${oneLine(d.is)}`),
    ),
    '',
    `Cost: ${oneLine(plan.cost.arithmetic)}`,
    `Undo: ${oneLine(plan.undo.text)}`,
    ...plan.decisions.map(
      (d) =>
        `${d.decision === 'approve' ? 'Approved' : 'Rejected'} by ${oneLine(d.userName)} at ${d.at.slice(11, 19)} UTC over ${oneLine(d.via)}${d.reason ? `: ${oneLine(d.reason)}` : ''}`,
    ),
    ...(plan.outcome ? [plain(plan.outcome.text)] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** What to do with a plan that waits. */
export function nextSteps(plan: PlanAnswer): string {
  if (plan.state !== 'proposed') return ''
  const type = plan.confirmName ? ` --type ${quoted(plan.confirmName)}` : ''
  const why = plan.may.approve ? '' : `You cannot approve it: ${oneLine(plan.may.why ?? 'it is not yours to decide')}\n`
  return `${why}Next: claw approve ${plan.label}${type}   or   claw reject ${plan.label} --reason "…"\n`
}

function stateWords(plan: PlanAnswer): string {
  if (plan.state !== 'proposed')
    return `${wordOf(PLAN_STATE_WORDS, oneLine(plan.state))}${plan.stateReason ? `: ${oneLine(plan.stateReason)}` : ''}`
  const approved = plan.decisions.filter((d) => d.decision === 'approve').length
  const many = plan.approvalsNeeded > 1 ? ` (${approved} of ${plan.approvalsNeeded})` : ''
  return `${PLAN_STATE_WORDS.proposed}${many} until ${plan.expiresAt.slice(0, 16).replace('T', ' ')} UTC`
}

function stepWords(step: PlanAnswer['steps'][number]): string {
  if (step.state === 'planned') return ''
  const told = step.error ?? step.progress
  return `  [${wordOf(STEP_STATE_WORDS, step.state)}${told ? `: ${oneLine(told)}` : ''}]`
}

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)]

const quoted = (word: string): string => {
  const clean = oneLine(word)
  return /^[\w@%+=:,./-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`
}
