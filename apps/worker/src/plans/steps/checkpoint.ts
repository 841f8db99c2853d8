import { commandData } from '@clawbernetes/protocol/node/commands'
import { commandOnce } from '@clawbernetes/services/fleet/run-command'
import { replicaNode } from '@clawbernetes/services/moves/replica-node'
import type { Observed, StepContext, StepHandler } from '../step-handler'

/** The node answers after its own deadline; the command must still be worth taking by then. */
const COMMAND_MARGIN_MS = 60_000
const PROBE_TIMEOUT_MS = 30_000

/** First a new checkpoint, seen complete on the node; then every node that it may go to must see it too. Nothing is stopped yet. */
export const checkpoint: StepHandler<'checkpoint-workload'> = { act: null, verify: look }

async function look({ sys, step, args }: StepContext<'checkpoint-workload'>): Promise<Observed> {
  const common = { orgId: step.orgId, stepId: step.id }
  const source = await replicaNode(sys, { orgId: step.orgId, replicaId: args.replicaId })
  if (source.ended) return { is: 'so', words: `${args.name} ended by itself: there is nothing to save.`, facts: [] }
  const saved = await commandOnce(sys, {
    ...common,
    nodeId: source.nodeId,
    id: `${step.id}:checkpoint`,
    body: { kind: 'checkpoint', replicaId: args.replicaId, timeoutMs: args.timeoutMs },
    expiresInMs: args.timeoutMs + COMMAND_MARGIN_MS,
  })
  if (saved.state === 'waiting') return { is: 'not-yet', words: `Waiting for a checkpoint of ${args.name}` }
  if (saved.state === 'failed')
    return args.required ? never(args.name, saved.message) : unsaved(args.name, saved.message)
  const made = commandData.checkpoint.parse(saved.data)
  for (const nodeId of args.nodeIds) {
    const seen = await commandOnce(sys, {
      ...common,
      nodeId,
      id: `${step.id}:probe:${nodeId}`,
      body: { kind: 'probe-paths', paths: [made.path] },
      expiresInMs: PROBE_TIMEOUT_MS,
    })
    if (seen.state === 'waiting')
      return {
        is: 'not-yet',
        words: `Checkpoint of step ${made.step} is written; looking whether the new node sees it`,
      }
    if (seen.state === 'failed') return never(args.name, seen.message)
    const [found] = commandData['probe-paths'].parse(seen.data).paths
    if (!found?.exists)
      return never(args.name, `its checkpoint ${made.path} cannot be seen from the new node: they share no storage.`)
  }
  return {
    is: 'so',
    words: `${args.name} saved a checkpoint at step ${made.step.toLocaleString('en')}.`,
    facts: [{ label: `Checkpoint of ${args.name}`, value: `step ${made.step.toLocaleString('en')}` }],
    result: { checkpointStep: made.step },
  }
}

/** It was on the card: what does not answer is not waited for any longer. */
const unsaved = (name: string, why: string): Observed => ({
  is: 'so',
  words: `${name} was not saved, and goes on from its newest checkpoint: ${lower(why)}`,
  facts: [{ label: `Checkpoint of ${name}`, value: 'none was written' }],
})

const never = (name: string, why: string): Observed => ({
  is: 'never',
  code: 'no-checkpoint',
  words: `${name} was not stopped: ${lower(why)}`,
})

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
