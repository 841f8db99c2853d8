import { type StepArgs, type StepKind, stepArgs } from '@clawbernetes/protocol/plans/steps'
import type { SystemCtx, Tx } from '../context'
import { returnMoveInTx } from '../moves/return-move'
import { stopInTx } from '../workloads/request-stop'

interface Undo {
  orgId: string
  planId: string
}

/** Takes back what the plan's finished steps did, last first, where taking back is safe and is a matter of rows. Returns what it undid. */
export async function compensateInTx(tx: Tx, sys: SystemCtx, plan: Undo): Promise<string[]> {
  const done = await tx.planStep.findMany({
    where: { planId: plan.planId, state: 'succeeded' },
    orderBy: { ordinal: 'desc' },
  })
  const undone: string[] = []
  for (const step of done) {
    const kind = step.kind as StepKind
    const compensator: Compensator<never> = COMPENSATORS[kind]
    if (!('undo' in compensator)) continue
    const words = await compensator.undo({ tx, sys, ...plan, args: stepArgs[kind].parse(step.args) as never })
    if (words) undone.push(words)
  }
  return undone
}

/** How a finished step is taken back when its plan does not end well, or why it is left as it is. */
export type Compensator<Args> =
  | { undo(step: { tx: Tx; sys: SystemCtx; orgId: string; planId: string; args: Args }): Promise<string | null> }
  | { leave: string }

/** Exhaustive: a new kind of step fails the build until it says how it is taken back. */
export const COMPENSATORS: { [K in StepKind]: Compensator<StepArgs<K>> } = {
  'place-workload': {
    undo: async ({ tx, sys, orgId, args }) => {
      await stopInTx(tx, sys.now(), { orgId, workloadId: args.workloadId, reason: 'Its plan did not finish.' })
      return `Released the GPUs of ${args.name}`
    },
  },
  'start-replicas': { leave: 'Covered by the step that claimed its GPUs: that stops every replica of the workload.' },
  'await-running': { leave: 'It only looked.' },
  'stop-workload': { leave: 'What a process held in memory is gone; starting it again is a decision of its own.' },
  'await-stopped': { leave: 'It only looked.' },
  'revive-workload': {
    undo: async ({ tx, sys, orgId, args }) => {
      await stopInTx(tx, sys.now(), { orgId, workloadId: args.workloadId, reason: 'Its resumption did not finish.' })
      return `Released the GPUs of ${args.name}`
    },
  },
  'delete-workload': { leave: 'Its process is gone and its name may be taken: nothing to come back to.' },
  'begin-move': { undo: ({ tx, sys, orgId, planId, args }) => returnMoveInTx(tx, sys, { orgId, planId, args }) },
  'checkpoint-workload': { leave: 'One checkpoint more does no harm.' },
  'stop-replicas': { leave: 'Covered by the beginning of the move: that starts it again where it was.' },
  'start-moved': { leave: 'Covered by the beginning of the move: that ends it again before the old place starts.' },
  'finish-move': { leave: 'It runs in its new place and is verified: moving it back is a plan of its own.' },
  'cordon-node': { leave: 'A cordon protects: it stays, with its owner and reason, until a person lifts it.' },
  'uncordon-node': { leave: 'New work may already have arrived.' },
  'await-node-empty': { leave: 'It only looked.' },
  'label-node': { leave: 'It is the only change of its plan, and the receipt offers its undo.' },
  'isolate-gpu': { leave: 'An isolated GPU harms nothing; a person returns it to service when it is understood.' },
  'return-gpu': { leave: 'New work may already run on it.' },
  'invite-member': { leave: 'An open invitation waits; whoever manages members withdraws it.' },
  'set-role': { leave: 'It is the only change of its plan, and the receipt offers its undo.' },
  'create-api-key': { leave: 'A key that nobody picks up is revoked by itself.' },
  'revoke-api-key': { leave: 'A revoked key stays revoked: it may be known to others.' },
  'store-secret': { leave: 'The version before is kept; what uses the new one may have read it.' },
  'delete-secret': { leave: 'Its value is gone; it is stored anew by whoever still has it.' },
}
