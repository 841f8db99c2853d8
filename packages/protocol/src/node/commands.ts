import * as z from 'zod'

/** What is done once on a node, journaled there and idempotent by id. Desired state goes through assignments instead. */
export const commandBody = z.discriminatedUnion('kind', [
  /** Look whether paths exist below the data roots. */
  z.object({ kind: z.literal('probe-paths'), paths: z.array(z.string().max(400)).max(64) }),
  /** Ask a running replica to write a checkpoint and wait for a newer complete one. */
  z.object({ kind: z.literal('checkpoint'), replicaId: z.string().max(40), timeoutMs: z.number().int().min(1000) }),
  /** Read-only facts for a diagnosis: driver query, kernel lines, processes. Fixed argv on the node, nothing from the caller. */
  z.object({ kind: z.literal('collect-diagnostics'), gpuUuid: z.string().max(80).nullable() }),
  z.object({ kind: z.literal('refresh-inventory') }),
])
export type CommandBody = z.infer<typeof commandBody>
export type CommandKind = CommandBody['kind']

export const command = z.object({
  id: z.string().max(80),
  epoch: z.number().int().min(0),
  expiresAtMs: z.number().int(),
  body: commandBody,
})
export type Command = z.infer<typeof command>

export const commandResult = z.object({
  id: z.string().max(80),
  outcome: z.enum(['succeeded', 'failed', 'refused', 'expired']),
  message: z.string().max(600).nullable(),
  data: z.record(z.string(), z.json()).nullable(),
  finishedAtMs: z.number().int(),
})
export type CommandResult = z.infer<typeof commandResult>

/** `data` of a succeeded command, by kind. */
export const commandData = {
  'probe-paths': z.object({
    /** `outside`: not below a data root, or a link leads out of it; then nothing more is told. */
    paths: z.array(
      z.object({
        path: z.string(),
        exists: z.boolean(),
        outside: z.boolean(),
        kind: z.enum(['dir', 'file']).nullable(),
        sizeMib: z.number().nullable(),
      }),
    ),
  }),
  checkpoint: z.object({ step: z.number().int(), path: z.string(), sizeMib: z.number(), atMs: z.number() }),
  /** Text by title, as the machine printed it: untrusted. */
  'collect-diagnostics': z.object({ sections: z.record(z.string(), z.string()) }),
  'refresh-inventory': z.object({ changed: z.boolean() }),
} as const satisfies Record<CommandKind, z.ZodType>
export type CommandData<K extends CommandKind> = z.infer<(typeof commandData)[K]>
