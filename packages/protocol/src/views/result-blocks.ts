import * as z from 'zod'
import { evidenceItem, findingSeverity } from './finding'

const at = z.iso.datetime()
const tone = z.enum(['ok', 'warn', 'critical', 'muted'])

/** What every result carries; see blocks. */
export const blockMeta = {
  title: z.string().max(200),
  /** When the data was read; shown as "as of". */
  at,
  /** Where the figures come from, in words. */
  source: z.string().max(200).nullable(),
  /** Page with the same filters. */
  href: z.string().max(400).nullable(),
  demo: z.boolean(),
}

/** One claim with what speaks for it and against it. A hypothesis without evidence is shown as just that. */
const diagnosisItem = z.object({
  severity: findingSeverity,
  /** What is known, in one line. */
  title: z.string().max(200),
  detail: z.string().max(1000),
  href: z.string().max(400).nullable(),
  confidence: z.enum(['low', 'medium', 'high']),
  for: z.array(evidenceItem).max(12),
  against: z.array(evidenceItem).max(12),
  hypotheses: z.array(z.string().max(300)).max(8),
  nextTest: z.string().max(300).nullable(),
  action: z.string().max(300).nullable(),
})

/** Findings of a diagnosis: hypotheses with evidence chips. No items: nothing was found, and `checked` says what was looked at. */
export const diagnosisBlock = z.object({
  type: z.literal('diagnosis'),
  ...blockMeta,
  items: z.array(diagnosisItem).max(20),
  checked: z.array(z.string().max(200)).max(20),
})

/** Money with its arithmetic. An amount that cannot be known is null and prints as unknown. */
export const costBlock = z.object({
  type: z.literal('cost'),
  ...blockMeta,
  /** "22 Nov 00:00 to now", "per hour at list prices". */
  period: z.string().max(120),
  basis: z.enum(['measured', 'list-price', 'estimate']),
  rows: z
    .array(
      z.object({
        label: z.string().max(120),
        href: z.string().max(400).nullable(),
        gpuHours: z.number().nullable(),
        microUsd: z.number().int().nullable(),
        /** "8 GPU × 4 h × $1.20/GPU-h". */
        arithmetic: z.string().max(200).nullable(),
      }),
    )
    .max(60),
  totalMicroUsd: z.number().int().nullable(),
  /** What the total leaves out, and why. */
  notes: z.array(z.string().max(300)).max(6),
})

/** A health report: one sentence, tiles, sections; what was not collected is named. */
export const reportBlock = z.object({
  type: z.literal('report'),
  ...blockMeta,
  period: z.string().max(120),
  headline: z.string().max(400),
  tiles: z
    .array(
      z.object({
        label: z.string().max(60),
        value: z.string().max(60),
        note: z.string().max(120).nullable(),
        tone: tone.nullable(),
      }),
    )
    .max(12),
  sections: z
    .array(
      z.object({
        title: z.string().max(120),
        items: z
          .array(z.object({ text: z.string().max(400), tone: tone.nullable(), href: z.string().max(400).nullable() }))
          .max(20),
      }),
    )
    .max(8),
  notCollected: z.array(z.string().max(200)).max(12),
})

/** What happened, the oldest first. `untrusted` text is a machine's own. */
export const timelineBlock = z.object({
  type: z.literal('timeline'),
  ...blockMeta,
  entries: z
    .array(
      z.object({
        at,
        label: z.string().max(200),
        detail: z.string().max(500).nullable(),
        tone: tone.nullable(),
        href: z.string().max(400).nullable(),
        untrusted: z.boolean(),
      }),
    )
    .max(80),
  more: z.number().int(),
})

/** One cell per GPU, grouped by node; a value that was not collected is null and hatched. */
export const gpuMapBlock = z.object({
  type: z.literal('gpu-map'),
  ...blockMeta,
  metric: z.string().max(60),
  unit: z.string().max(12),
  /** The ends of the scale. */
  min: z.number(),
  max: z.number(),
  nodes: z
    .array(
      z.object({
        name: z.string().max(80),
        href: z.string().max(400).nullable(),
        gpus: z
          .array(z.object({ index: z.number().int(), value: z.number().nullable(), tone: tone.nullable() }))
          .max(16),
      }),
    )
    .max(64),
})

/** Two versions of a text, line by line. */
export const diffBlock = z.object({
  type: z.literal('diff'),
  ...blockMeta,
  lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string().max(500) })).max(300),
})
