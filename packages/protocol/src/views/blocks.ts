import * as z from 'zod'
import {
  blockMeta,
  costBlock,
  diagnosisBlock,
  diffBlock,
  gpuMapBlock,
  reportBlock,
  timelineBlock,
} from './result-blocks'

const at = z.iso.datetime()
const cell = z.union([z.string(), z.number(), z.null()])

/** Result blocks of a chat answer: data, never markup. An unknown type is shown as a titled tree. */
export const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan'), planId: z.string() }),
  z.object({
    type: z.literal('fleet-summary'),
    ...blockMeta,
    nodes: z.object({
      total: z.number(),
      online: z.number(),
      degraded: z.number(),
      offline: z.number(),
      cordoned: z.number(),
    }),
    gpus: z.object({
      total: z.number(),
      allocated: z.number(),
      free: z.number(),
      unavailable: z.number(),
      byModel: z.array(z.object({ model: z.string(), total: z.number(), free: z.number() })),
    }),
    workloads: z.object({ running: z.number(), pending: z.number(), failed: z.number() }),
  }),
  /** Any small table: node_table, gpu table, workloads, costs, plans … `unit` of a column is printed after its values. */
  z.object({
    type: z.literal('table'),
    ...blockMeta,
    columns: z
      .array(
        z.object({ key: z.string(), label: z.string(), align: z.enum(['left', 'right']), unit: z.string().nullable() }),
      )
      .max(14),
    rows: z
      .array(
        z.object({
          href: z.string().nullable(),
          cells: z.record(z.string(), cell),
          tone: z.enum(['ok', 'warn', 'critical', 'muted']).nullable(),
        }),
      )
      .max(100),
    /** Rows that exist beyond those shown. */
    more: z.number().int(),
  }),
  z.object({
    type: z.literal('timeseries'),
    ...blockMeta,
    unit: z.string(),
    from: at,
    to: at,
    /** Aligned to `times`; null is a gap. */
    times: z.array(at).max(400),
    series: z.array(z.object({ name: z.string(), values: z.array(z.number().nullable()) })).max(16),
    thresholds: z.array(z.object({ label: z.string(), value: z.number() })).max(4),
  }),
  z.object({
    type: z.literal('log-excerpt'),
    ...blockMeta,
    lines: z.array(z.object({ at, stream: z.string(), level: z.string().nullable(), text: z.string() })).max(200),
    dropped: z.number().int(),
  }),
  z.object({
    type: z.literal('workload'),
    ...blockMeta,
    workloadId: z.string(),
    name: z.string(),
    status: z.string(),
    facts: z.array(z.object({ label: z.string(), value: z.string() })),
  }),
  /** An either/or question: buttons that answer with text. */
  z.object({
    type: z.literal('choice'),
    question: z.string(),
    options: z
      .array(z.object({ label: z.string(), send: z.string() }))
      .min(1)
      .max(8),
  }),
  /** Findings with evidence: diagnosis, placement reasons. */
  z.object({
    type: z.literal('reasons'),
    ...blockMeta,
    items: z
      .array(z.object({ label: z.string(), verdict: z.enum(['yes', 'no', 'unknown', 'info']), reason: z.string() }))
      .max(60),
  }),
  diagnosisBlock,
  costBlock,
  reportBlock,
  timelineBlock,
  gpuMapBlock,
  diffBlock,
])
export type Block = z.infer<typeof block>
