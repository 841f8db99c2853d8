import { type CommandContext, printJson } from '../command-context'
import { ClawError, EXIT, type ExitCode } from '../exit-codes'
import { nextSteps, planCard } from '../plan-card'
import { oneLine } from '../terminal'
import type { Page, PlanAnswer } from '../views'

const DRAFT_TRIES = 6

export async function showPlan(context: CommandContext, label: string, json: boolean): Promise<ExitCode> {
  const plan = await context.api().get<PlanAnswer>(`/plans/${encodeURIComponent(label)}`)
  if (json) printJson(context.output, plan)
  else context.output.out(planCard(plan) + nextSteps(plan))
  return EXIT.ok
}

export async function cancel(context: CommandContext, label: string, json: boolean): Promise<ExitCode> {
  const answer = await context.api().post<{ state: string }>(`/plans/${encodeURIComponent(label)}/cancel`)
  if (json) printJson(context.output, answer)
  else
    context.output.out(
      answer.state === 'withdrawn' ? 'It is withdrawn. Nothing was changed.\n' : 'It ends after the step in hand.\n',
    )
  return EXIT.ok
}

/** Asks for the plan that takes a finished one back and shows its card: it waits for approval like any other. */
export async function undo(context: CommandContext, label: string, json: boolean): Promise<ExitCode> {
  const api = context.api()
  const plan = await api.get<PlanAnswer>(`/plans/${encodeURIComponent(label)}`)
  const takenBackBy = async (wait: number) =>
    (await api.get<Page<{ id: string }>>('/plans', { undoOf: plan.id, limit: 1, wait })).items[0]
  // One that was rejected earlier is not the answer.
  const earlier = await takenBackBy(0)
  await api.post(`/plans/${plan.id}/undo`)
  for (let tried = 0; tried < DRAFT_TRIES; tried++) {
    const drafted = await takenBackBy(5)
    if (!drafted || drafted.id === earlier?.id) {
      const { stateReason } = await api.get<PlanAnswer>(`/plans/${plan.id}`, {
        wait: earlier ? 5 : 0,
        version: plan.version,
      })
      if (stateReason) throw new ClawError(EXIT.refused, oneLine(stateReason))
      continue
    }
    const made = await api.get<PlanAnswer>(`/plans/${drafted.id}`)
    if (json) printJson(context.output, made)
    else context.output.out(planCard(made) + nextSteps(made))
    return made.state === 'proposed' ? EXIT.waiting : EXIT.ok
  }
  throw new ClawError(
    EXIT.failed,
    `${plan.label} was not taken back yet: no plan was drafted. Look again with: claw plans`,
  )
}
