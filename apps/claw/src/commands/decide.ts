import { PLAN_STATE_WORDS, STEP_STATE_WORDS, wordOf } from '@clawbernetes/protocol/views/state-words'
import { type CommandContext, printJson } from '../command-context'
import { ClawError, EXIT, type ExitCode } from '../exit-codes'
import { planCard } from '../plan-card'
import { oneLine, plain } from '../terminal'
import { isOver, type PlanAnswer } from '../views'

export interface DecideOptions {
  yes?: boolean
  type?: string
  reason?: string
  wait?: boolean
  json?: boolean
}

interface Decision {
  label: string
  state: string
  text: string
}
const WAIT_S = 50

/** Shows the card, asks, and decides on exactly what was shown. */
export async function approve(context: CommandContext, label: string, options: DecideOptions): Promise<ExitCode> {
  const plan = await shown(context, label, options)
  if (plan.state === 'proposed' && plan.may.approve) {
    await confirm(context, `Approve ${plan.label}`, options)
  }
  const typedName = await typedNameFor(context, plan, options)
  const body = { revision: plan.revision, digest: plan.digest, ...(typedName ? { typedName } : {}) }
  const decision = await context.api().post<Decision>(`/plans/${plan.id}/approve`, body)
  if (decision.state === 'approved' && options.wait) return followPlan(context, plan.id, options)
  report(context, decision, options)
  if (decision.state === 'approved') return EXIT.ok
  return decision.state === 'proposed' ? EXIT.waiting : EXIT.refused
}

export async function reject(context: CommandContext, label: string, options: DecideOptions): Promise<ExitCode> {
  const plan = await shown(context, label, options)
  if (plan.state === 'proposed') await confirm(context, `Reject ${plan.label}`, options)
  const body = { revision: plan.revision, digest: plan.digest, ...(options.reason ? { reason: options.reason } : {}) }
  report(context, await context.api().post<Decision>(`/plans/${plan.id}/reject`, body), options)
  return EXIT.ok
}

async function shown(context: CommandContext, label: string, options: DecideOptions): Promise<PlanAnswer> {
  const plan = await context.api().get<PlanAnswer>(`/plans/${encodeURIComponent(label)}`)
  // With --json the answer alone is on standard output; the card is for the person who is asked.
  if (options.json) {
    if (!options.yes) context.output.err(planCard(plan))
  } else context.output.out(`${planCard(plan)}\n`)
  return plan
}

async function confirm(context: CommandContext, what: string, options: DecideOptions): Promise<void> {
  if (options.yes) return
  if (!context.output.interactive) throw new ClawError(EXIT.usage, `${what} needs a terminal to ask on, or --yes.`)
  const answer = (await context.ask(`${what}? [y/N] `)).trim().toLowerCase()
  if (answer !== 'y' && answer !== 'yes') throw new ClawError(EXIT.refused, 'Not decided. Nothing was changed.')
}

/** High risk wants the name typed, also with --yes: a habit must not stop a workload. */
async function typedNameFor(context: CommandContext, plan: PlanAnswer, options: DecideOptions): Promise<string | null> {
  if (options.type !== undefined) return options.type
  if (plan.state !== 'proposed' || !plan.confirmName || !plan.may.approve) return null
  if (!context.output.interactive)
    throw new ClawError(EXIT.usage, `${plan.label} is ${plan.risk} risk: add --type ${oneLine(plan.confirmName)}.`)
  return (await context.ask(`Type ${oneLine(plan.confirmName)} to approve: `)).trim()
}

function report(context: CommandContext, decision: Decision, options: DecideOptions): void {
  if (options.json) printJson(context.output, decision)
  else context.output.out(`${plain(decision.text)}\n`)
}

/** Stays until the plan is over, telling each step once. */
export async function followPlan(context: CommandContext, id: string, options: { json?: boolean }): Promise<ExitCode> {
  let version = 0
  const told = new Set<string>()
  for (;;) {
    const plan = await context.api().get<PlanAnswer>(`/plans/${encodeURIComponent(id)}`, { wait: WAIT_S, version })
    version = plan.version
    if (!options.json)
      for (const [i, step] of plan.steps.entries()) {
        const line = `${i + 1}. ${oneLine(step.title)}  ${wordOf(STEP_STATE_WORDS, step.state)}${step.progress ? `: ${oneLine(step.progress)}` : ''}`
        if (step.state !== 'planned' && step.state !== 'pending' && !told.has(line)) {
          told.add(line)
          context.output.out(`${line}\n`)
        }
      }
    if (!isOver(plan.state)) continue
    if (options.json) printJson(context.output, plan)
    else
      context.output.out(`${plain(plan.outcome?.text ?? `${plan.label}: ${wordOf(PLAN_STATE_WORDS, plan.state)}.`)}\n`)
    return plan.state === 'succeeded' ? EXIT.ok : plan.state === 'failed' ? EXIT.failed : EXIT.refused
  }
}
