import { type StepKind, stepArgs } from '@clawbernetes/protocol/plans/steps'
import type { Tx } from '../context'
import { stopInTx } from '../workloads/request-stop'

interface Undo {
  orgId: string
  planId: string
}

/** Takes back what the plan's finished steps did, last first, where taking back is safe and is a matter of rows. Returns what it undid. */
export async function compensateInTx(tx: Tx, at: Date, plan: Undo): Promise<string[]> {
  const done = await tx.planStep.findMany({
    where: { planId: plan.planId, state: 'succeeded' },
    orderBy: { ordinal: 'desc' },
  })
  const undone: string[] = []
  for (const step of done) {
    const undo = COMPENSATORS[step.kind as StepKind]
    const words = undo ? await undo(tx, at, plan.orgId, step.args) : null
    if (words) undone.push(words)
  }
  return undone
}

type Compensator = (tx: Tx, at: Date, orgId: string, args: unknown) => Promise<string | null>

/** Exhaustive: null means that the step is left as it is, on purpose. */
const COMPENSATORS = {
  'place-workload': async (tx, at, orgId, args) => {
    const { workloadId, name } = stepArgs['place-workload'].parse(args)
    await stopInTx(tx, at, { orgId, workloadId, reason: 'Its plan did not finish.' })
    return `Released the GPUs of ${name}`
  },
  // Covered by place-workload, which stops every replica of the workload.
  'start-replicas': null,
  'await-running': null,
  'stop-workload': null,
  'await-stopped': null,
  // A cordon protects: it stays until a person lifts it, with its owner and reason on the node.
  'cordon-node': null,
  'uncordon-node': null,
} satisfies Record<StepKind, Compensator | null>
