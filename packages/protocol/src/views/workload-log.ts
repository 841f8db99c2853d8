import * as z from 'zod'

export const logLevel = z.enum(['debug', 'info', 'warning', 'error'])
export type LogLevel = z.infer<typeof logLevel>

/** One line, or a gap where lines were dropped before they reached us. Text is the workload's own and untrusted. */
export const logEntry = z.object({
  /** Order of arrival, as text: the cursor. */
  cursor: z.string(),
  replicaId: z.string(),
  ordinal: z.number().int(),
  seq: z.number().int(),
  atMs: z.number().int(),
  stream: z.enum(['stdout', 'stderr', 'agent', 'gap']),
  level: logLevel.nullable(),
  text: z.string(),
})
export type LogEntry = z.infer<typeof logEntry>

export const logPage = z.object({
  /** Oldest first, whichever way was read. */
  lines: z.array(logEntry),
  /** Read `before` this for older lines; null: there are none older. */
  before: z.string().nullable(),
  /** Read `after` this for newer ones. */
  after: z.string().nullable(),
})
export type LogPage = z.infer<typeof logPage>

/** What a training said of itself by step: loss, lr, tokens per second. At most 500 points a curve. */
export const workloadMetrics = z.object({
  workloadId: z.string(),
  curves: z.array(
    z.object({
      name: z.string(),
      /** Rank whose words these are: the lowest that reported. */
      replicaId: z.string(),
      points: z.array(z.object({ step: z.number().int(), atMs: z.number().int(), value: z.number() })),
      last: z.object({ step: z.number().int(), atMs: z.number().int(), value: z.number() }),
    }),
  ),
})
export type WorkloadMetrics = z.infer<typeof workloadMetrics>
