import { atWords } from '@clawbernetes/domain/at-words'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import { runHeld } from './run-parts'
import type { TurnCollector } from './turn-collector'

/** After a plan ended: what came of it, from its execution records, and the workload as it is now. */
export async function continueAfterPlan(
  sys: SystemCtx,
  ctx: Ctx,
  run: ClaimedRun,
  collect: TurnCollector,
): Promise<string> {
  if (!run.planId) return ''
  const plan = await readPlan({ ctx, input: { planId: run.planId } })
  const name =
    plan.steps.length > 0
      ? plan.content.steps.map((s) => s.args.name).find((n): n is string => typeof n === 'string')
      : undefined
  const [workload] = name ? await liveWorkloads({ ctx, input: { names: [name], includeEnded: true, limit: 1 } }) : []
  if (workload) {
    collect.dialogue.focus = {
      ...collect.dialogue.focus,
      workload: workload.name,
      ...(workload.nodes[0] ? { node: workload.nodes[0].name } : {}),
    }
    const gpus = workload.gpus.length
    collect.blocks.push({
      type: 'workload',
      title: workload.name,
      at: ctx.now().toISOString(),
      source: `${plan.label} and workload records`,
      href: `/workloads/${workload.name}`,
      demo: workload.demo,
      workloadId: workload.id,
      name: workload.name,
      status: workload.status,
      facts: [
        {
          label: 'GPUs',
          value: gpus === 0 ? 'none' : `${gpus} on ${[...new Set(workload.gpus.map((g) => g.nodeName))].join(', ')}`,
        },
        { label: 'Started', value: workload.startedAt ? atWords(workload.startedAt) : '—' },
        ...(plan.outcome?.facts.filter((f) => f.label !== 'GPUs' && f.label !== 'Workload' && f.label !== 'Status') ??
          []),
      ],
    })
  }
  const ended = plan.outcome?.text ?? `${plan.label} ended: ${plan.state}.`
  const next = await runHeld({ sys, ctx, run, collect }, plan)
  return next === null ? ended : `${ended}\n\n${next}`
}
