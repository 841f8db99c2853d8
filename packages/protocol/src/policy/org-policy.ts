import * as z from 'zod'
import { RISKS } from '../plans/content'
import { ROLES } from '../permissions'
import { plainText } from '../text'
import { ANSWERS, PRESETS, TTL_LIMITS_S } from './policy-words'

/**
 * What an organisation changed of its preset. Everything is optional: what is missing is as the preset says. Nothing here can
 * make a plan easier than the floors in domain/approvals/policy: they are applied last.
 */

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time is written as 22:00.')

export const timeZone = z.string().max(60).refine(isTimeZone, 'This is no time zone of the IANA database.')

/** Hours that come back every week. `end` at or before `start`: over midnight; equal: the whole day. Days: 1 Monday … 7 Sunday. */
export const weeklyWindow = z.object({
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  start: timeOfDay,
  end: timeOfDay,
  timeZone,
})
export type WeeklyWindow = z.infer<typeof weeklyWindow>

const labels = z.record(z.string().min(1).max(60), z.string().max(120))

/** A window with a name and, when `labels` is given, only for nodes that carry all of them. */
export const namedWindow = weeklyWindow.extend({
  id: z.string().min(1).max(40),
  name: plainText(60).pipe(z.string().min(1, 'Give it a name.')),
  labels: labels.nullable().default(null),
})
export type NamedWindow = z.infer<typeof namedWindow>

export const riskRule = z.object({
  answer: z.enum(ANSWERS).optional(),
  /** How many people must approve. */
  approvals: z.number().int().min(1).max(5).optional(),
  /** The lowest role that may approve. */
  approver: z.enum(ROLES).optional(),
  /** The proposer's own approval does not count. */
  fourEyes: z.boolean().optional(),
  ttlS: z
    .number()
    .int()
    .min(60)
    .max(7 * 86_400)
    .optional(),
})
export type RiskRule = z.infer<typeof riskRule>

const ttlWithin = (risk: keyof typeof TTL_LIMITS_S) =>
  riskRule.refine(
    (rule) => rule.ttlS === undefined || (rule.ttlS >= TTL_LIMITS_S[risk].min && rule.ttlS <= TTL_LIMITS_S[risk].max),
    {
      path: ['ttlS'],
      message: `A plan of ${risk} risk lives ${words(TTL_LIMITS_S[risk].min)} to ${words(TTL_LIMITS_S[risk].max)}.`,
    },
  )

/** What may run by itself; null: no limit. Rates and days are added up over plans that ran by themselves in the last 24 hours. */
export const autoLimits = z.object({
  perHourMicroUsd: z.number().int().min(0).nullable().optional(),
  perDayMicroUsd: z.number().int().min(0).nullable().optional(),
  gpus: z.number().int().min(0).max(100_000).nullable().optional(),
  nodes: z.number().int().min(0).max(100_000).nullable().optional(),
  plansPerDay: z.number().int().min(0).max(10_000).nullable().optional(),
  /** Only within these hours; null: at any time. */
  hours: z.array(weeklyWindow).max(14).nullable().optional(),
})
export type AutoLimits = z.infer<typeof autoLimits>

/** One rule about one action on some targets, for a while. */
export const scopedRule = z.object({
  id: z.string().min(1).max(40),
  answer: z.enum(ANSWERS),
  /** Tool name, or * for all. */
  tool: z.string().regex(/^(\*|[a-z][a-z0-9_]{0,60})$/, 'Name a tool, or * for every tool.'),
  target: z.object({
    /** Labels of the nodes it touches; null: any. */
    labels: labels.nullable().default(null),
    /** Name of a node or workload, * stands for any letters; null: any. */
    name: z
      .string()
      .max(80)
      .regex(/^[A-Za-z0-9_.*-]+$/, 'A name has letters, digits, dots, dashes and *.')
      .nullable()
      .default(null),
  }),
  maxPerHourMicroUsd: z.number().int().min(0).nullable().default(null),
  hours: weeklyWindow.nullable().default(null),
  /** The rule ends by itself. */
  until: z.iso.datetime(),
  note: plainText(200).default(''),
})
export type ScopedRule = z.infer<typeof scopedRule>

export const orgPolicy = z.strictObject({
  risks: z
    .strictObject({
      low: ttlWithin('low').optional(),
      medium: ttlWithin('medium').optional(),
      high: ttlWithin('high').optional(),
      critical: ttlWithin('critical').optional(),
    })
    .default({}),
  /** Per tool, on top of its risk's rule. */
  tools: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,60}$/), riskRule).default({}),
  auto: autoLimits.default({}),
  raise: z
    .object({
      /** A plan that touches more nodes than this is of high risk; null: no such rule. */
      nodesAtOnce: z.number().int().min(1).max(100_000).nullable().optional(),
      /** Nodes with one of these labels make a plan that touches them high. */
      labels: z
        .array(z.object({ key: z.string().min(1).max(60), value: z.string().max(120) }))
        .max(20)
        .optional(),
      /** Above this rate or this one-off sum a plan is critical. */
      spendMicroUsd: z.number().int().min(0).nullable().optional(),
    })
    .default({}),
  /** Changes to matching nodes and what runs on them start only inside one of these. */
  maintenance: z.array(namedWindow).max(50).default([]),
  /** Changes to matching nodes do not start inside one of these. */
  quiet: z.array(namedWindow).max(50).default([]),
  rules: z.array(scopedRule).max(200).default([]),
  /** An organisation of one person may approve critical plans alone. */
  criticalAlone: z.boolean().default(false),
})
export type OrgPolicyEdits = z.infer<typeof orgPolicy>

/** What Settings sends and what is stored: a preset and what was changed of it. */
export const policyDocument = z.object({ preset: z.enum(PRESETS), edits: orgPolicy })
export type PolicyDocument = z.infer<typeof policyDocument>

export const NO_EDITS: OrgPolicyEdits = orgPolicy.parse({})

export const editableRisks = RISKS.filter((risk) => risk !== 'read')

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function words(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return `${seconds / 60} min`
}
