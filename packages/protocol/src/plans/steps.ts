import * as z from 'zod'
import { slugText } from '../text'
import { workloadSpec } from '../workloads/spec'

/** One replica's place, absolute: these GPUs of this node and no others. */
export const replicaPlace = z.object({
  ordinal: z.number().int().min(0),
  nodeId: z.string(),
  nodeName: z.string(),
  gpuIds: z.array(z.string()),
  gpuUuids: z.array(z.string()),
})
export type ReplicaPlace = z.infer<typeof replicaPlace>

/**
 * Every kind of plan step with its arguments. A new kind fails the build wherever it must be thought about:
 * the worker's handlers and the card's words are `satisfies Record<StepKind, …>`.
 */
export const stepArgs = {
  /** Creates the workload and claims its GPUs; the id is chosen when the plan is made, so a repeat finds it. */
  'place-workload': z.object({
    workloadId: z.string(),
    name: slugText,
    spec: workloadSpec,
    places: z.array(replicaPlace).min(1),
  }),
  /** Puts the replicas on their nodes' lists. */
  'start-replicas': z.object({ workloadId: z.string(), places: z.array(replicaPlace).min(1) }),
  /** Waits until every replica runs (services: is ready), or says why it never will. */
  'await-running': z.object({ workloadId: z.string(), timeoutMs: z.number().int().min(1000) }),
  'stop-workload': z.object({ workloadId: z.string() }),
  /** Waits until nothing of it runs and its GPUs are free. */
  'await-stopped': z.object({ workloadId: z.string(), timeoutMs: z.number().int().min(1000) }),
  'cordon-node': z.object({ nodeId: z.string(), reason: z.string().max(200), expiresAt: z.iso.datetime().nullable() }),
  'uncordon-node': z.object({ nodeId: z.string() }),
} as const
export type StepKind = keyof typeof stepArgs
export type StepArgs<K extends StepKind = StepKind> = z.infer<(typeof stepArgs)[K]>
export const STEP_KINDS = Object.keys(stepArgs) as StepKind[]

export const planStep = z.object({
  kind: z.enum(STEP_KINDS as [StepKind, ...StepKind[]]),
  args: z.record(z.string(), z.json()),
  /** Verb and object: "Start 4 ranks with torchrun". */
  title: z.string().max(200),
  target: z.string().max(120),
  estimateS: z.number().nullable(),
  reversible: z.enum(['reversible', 'pauses', 'irreversible']),
  note: z.string().max(300).nullable(),
})
export type PlannedStep = z.infer<typeof planStep>
