import { placeOf } from '@clawbernetes/domain/placement/plan-moves'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { stepEstimates } from '@clawbernetes/services/plans/step-estimates'
import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import type { ToolContext } from '../registry/define-tool'
import { type CardInput, planCard, uniqueFacts } from '../registry/plan-card'
import { lastSteps } from './last-steps'
import { affected, moveChanges, moveFacts, moveWarnings } from './move-card'
import { claimSteps, type MovePlan, moveSteps, nodesFrom } from './move-steps'

/** A move to where it is: it ends and starts again on its own GPUs, with another specification. */
export function inPlace(workload: LiveWorkload, after: WorkloadSpec, saveFirst: boolean): MovePlan {
  const from = [...workload.replicas].sort((a, b) => a.ordinal - b.ordinal)
  return {
    workload,
    from,
    to: from.map(placeOf),
    modelFrom: null,
    modelTo: null,
    replaceFirst: false,
    considered: [],
    spec: { before: workload.spec, after },
    checkpoints: saveFirst && workload.spec.checkpoint !== null,
  }
}

export const savedWords = (move: MovePlan): string =>
  move.checkpoints ? 'It is saved first and goes on from there.' : 'What is not saved is lost.'

type Given = Pick<CardInput, 'tool' | 'title' | 'changes' | 'notDone' | 'undo'>

/** The card of a restart: what else changes is the tool's to say. */
export async function restartCard(
  given: Given,
  workload: LiveWorkload,
  move: MovePlan,
  { ctx, turn }: ToolContext,
): Promise<PlanContent> {
  const [snapshot, estimates, at] = await Promise.all([
    readFleet({ ctx }),
    stepEstimates({ ctx }),
    lastSteps(ctx, [workload]),
  ])
  const argv = (move.spec?.after ?? workload.spec).command
  return planCard({
    ...given,
    turn,
    evidence: [
      {
        text: `${workload.name} is ${workload.status} on ${nodesFrom(move)}`,
        href: `/workloads/${workload.name}`,
        at: snapshot.at,
      },
    ],
    steps: [...claimSteps([move], estimates), ...moveSteps(move, estimates)],
    changes: [...given.changes, ...moveChanges([move], at)],
    commands: workload.nodes.map((n) => ({ where: n.name, argv })),
    facts: uniqueFacts(moveFacts([move], [workload], snapshot)),
    affects: { workloads: affected([move], [workload]), nodes: workload.nodes, gpus: workload.gpus.length },
    cost: { perHourMicroUsd: 0, oneOffMicroUsd: 0, arithmetic: 'same GPUs' },
    risk: 'medium',
    riskReason: `${workload.name} is interrupted; nothing else is touched.`,
    warnings: moveWarnings([move]),
  })
}
