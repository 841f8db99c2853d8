import * as z from 'zod'
import { API_SCOPES, ROLES } from '../permissions'
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

/** A replica that runs now, by its id, with its place: what a move takes away, and where it would come back to. */
export const livePlace = replicaPlace.extend({ replicaId: z.string() })
export type LivePlace = z.infer<typeof livePlace>

const timeoutMs = z.number().int().min(1000)
const reason = z.string().max(200)
const labelKey = z
  .string()
  .regex(
    /^[a-zA-Z0-9](?:[a-zA-Z0-9._/-]{0,61}[a-zA-Z0-9])?$/,
    'A label is 1 to 63 letters, digits, dots, dashes and slashes.',
  )
const labelValue = z
  .string()
  .regex(
    /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?)?$/,
    'A label value has at most 63 letters, digits, dots and dashes.',
  )
/** null takes the label away. */
export const labelChanges = z.record(labelKey, labelValue.nullable())
export const secretName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/, 'A secret is named with letters, digits, dashes and underscores.')

/**
 * Every kind of plan step with its arguments. A new kind fails the build wherever it must be thought about:
 * who wakes it (`wokenBy`), how it is done and verified (the worker's handlers), how it is taken back (services/plans/compensate).
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
  'await-running': z.object({ workloadId: z.string(), timeoutMs }),
  'stop-workload': z.object({ workloadId: z.string() }),
  /** Waits until nothing of it runs and its GPUs are free. */
  'await-stopped': z.object({ workloadId: z.string(), timeoutMs }),
  /** Takes a workload that is over back to life: claims its GPUs again under the same name and record. */
  'revive-workload': z.object({
    workloadId: z.string(),
    name: slugText,
    /** Another command line than before; null: as it was. */
    spec: workloadSpec.nullable(),
    places: z.array(replicaPlace).min(1),
  }),
  'delete-workload': z.object({ workloadId: z.string(), name: slugText }),

  /** Claims where replicas will go while they still run where they are; their old GPUs stay theirs until the move is over. */
  'begin-move': z.object({
    workloadId: z.string(),
    name: slugText,
    from: z.array(livePlace).min(1),
    to: z.array(replicaPlace).min(1),
    /** A restart with another command line; the old one comes back if it does not start. */
    spec: z.object({ before: workloadSpec, after: workloadSpec }).nullable(),
  }),
  /** A checkpoint now, newer than any before, that every node it may go to can see. */
  'checkpoint-workload': z.object({
    workloadId: z.string(),
    name: slugText,
    replicaId: z.string(),
    nodeIds: z.array(z.string()),
    timeoutMs,
    /** false: what does not answer, as a hung training, goes on from the newest checkpoint that is there. */
    required: z.boolean().default(true),
  }),
  /** Ends these replicas and no others; waits until nothing of them is left. */
  'stop-replicas': z.object({
    workloadId: z.string(),
    name: slugText,
    replicaIds: z.array(z.string()).min(1),
    timeoutMs,
  }),
  /** Starts what was moved and waits until it runs (services: is ready). */
  'start-moved': z.object({
    workloadId: z.string(),
    name: slugText,
    places: z.array(replicaPlace).min(1),
    timeoutMs,
  }),
  /** Gives back the GPUs it came from. */
  'finish-move': z.object({
    workloadId: z.string(),
    name: slugText,
    from: z.string().max(200),
    to: z.string().max(200),
  }),

  'cordon-node': z.object({ nodeId: z.string(), reason, expiresAt: z.iso.datetime().nullable() }),
  'uncordon-node': z.object({ nodeId: z.string() }),
  /** Waits until no replica is left on the node and none of its GPUs is claimed. */
  'await-node-empty': z.object({ nodeId: z.string(), timeoutMs }),
  'label-node': z.object({ nodeId: z.string(), labels: labelChanges }),
  /** New work avoids the GPU; what runs on it goes on. */
  'isolate-gpu': z.object({ nodeId: z.string(), gpuId: z.string(), reason }),
  'return-gpu': z.object({ nodeId: z.string(), gpuId: z.string(), reason }),

  /** Takes the value that a person typed into the plan's secret field; it is never among these arguments. */
  'store-secret': z.object({ name: secretName, service: slugText.nullable(), mode: z.enum(['create', 'rotate']) }),

  /** This version and no later one: what was rotated since is not what was looked at. */
  'delete-secret': z.object({ name: secretName, version: z.number().int().min(1) }),

  'invite-member': z.object({ email: z.email().max(200), role: z.enum(ROLES) }),
  'set-role': z.object({ userId: z.string(), name: z.string().max(200), role: z.enum(ROLES) }),
  /** Of the person who asked. The key itself is made when the step runs and is never among these arguments. */
  'create-api-key': z.object({
    name: z.string().min(1).max(60),
    scopes: z.array(z.enum(API_SCOPES)).min(1),
    expiresInDays: z.number().int().min(1).nullable(),
  }),
  'revoke-api-key': z.object({ apiKeyId: z.string(), name: z.string().max(60) }),
} as const
export type StepKind = keyof typeof stepArgs
export type StepArgs<K extends StepKind = StepKind> = z.infer<(typeof stepArgs)[K]>
export const STEP_KINDS = Object.keys(stepArgs) as StepKind[]

/** What a waiting step is woken by, besides its next look: a change of its workload, of its node, or its command's result. */
export const wokenBy = {
  'place-workload': null,
  'start-replicas': null,
  'await-running': 'workload',
  'stop-workload': null,
  'await-stopped': 'workload',
  'revive-workload': null,
  'delete-workload': null,
  'begin-move': null,
  'checkpoint-workload': 'command',
  'stop-replicas': 'workload',
  'start-moved': 'workload',
  'finish-move': 'workload',
  'cordon-node': null,
  'uncordon-node': null,
  'await-node-empty': 'node',
  'label-node': null,
  'isolate-gpu': null,
  'return-gpu': null,
  'store-secret': null,
  'delete-secret': null,
  'invite-member': null,
  'set-role': null,
  'create-api-key': null,
  'revoke-api-key': null,
} as const satisfies Record<StepKind, 'workload' | 'node' | 'command' | null>

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
