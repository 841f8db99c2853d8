import * as z from 'zod'
import { planStep } from './steps'

export const RISKS = ['read', 'low', 'medium', 'high', 'critical'] as const
export const risk = z.enum(RISKS)
export type Risk = z.infer<typeof risk>

/**
 * A material fact the plan rests on. It is observed again at approval and before each step;
 * another value makes the plan stale. Metrics (temperature, utilisation) are never material.
 */
export const planFact = z.object({
  kind: z.enum([
    'gpu-free',
    'gpu-usable',
    'node-schedulable',
    'node-online',
    'workload-revision',
    'workload-live',
    'workload-name-free',
    'node-cordoned',
    'gpu-health',
    'node-labels',
    'node-workloads',
    'workload-nodes',
    'secret-version',
    'member-role',
    'api-key-live',
  ]),
  /** Id (or name) of what is observed. */
  id: z.string().max(600),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  /** For the card: "GPU 2 of node-01 is free". */
  text: z.string().max(200),
})
export type PlanFact = z.infer<typeof planFact>

export const evidence = z.object({
  text: z.string().max(300),
  /** Page that shows it, with filters in the address. */
  href: z.string().max(300).nullable(),
  at: z.iso.datetime(),
})

/** A field that a person may change on the card; saving makes a new revision through the same preview. */
export const editableField = z.object({
  name: z.string().max(40),
  label: z.string().max(60),
  input: z.enum(['integer', 'text', 'choice']),
  value: z.union([z.string(), z.number(), z.null()]),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
})
export type EditableField = z.infer<typeof editableField>

/** Everything a plan card shows and everything the worker needs. Built by a tool's preview from data, never from prose. */
export const planContent = z.object({
  /** The tool call that this plan is: preview(args) made the rest. */
  tool: z.object({ name: z.string(), version: z.number().int(), args: z.record(z.string(), z.json()) }),
  title: z.string().max(160),
  why: z.string().max(600),
  evidence: z.array(evidence).max(20),
  steps: z.array(planStep).min(1).max(200),
  /** Exact change, before → after, from the dry run. */
  changes: z
    .array(z.object({ label: z.string().max(120), before: z.string().max(400), after: z.string().max(1000) }))
    .max(60),
  /** Command lines that will run on nodes, as argv. */
  commands: z.array(z.object({ where: z.string().max(120), argv: z.array(z.string()) })).max(20),
  notDone: z.array(z.string().max(300)).max(12),
  facts: z.array(planFact).max(600),
  affects: z.object({
    workloads: z.array(z.object({ id: z.string(), name: z.string(), owner: z.string() })),
    nodes: z.array(z.object({ id: z.string(), name: z.string() })),
    gpus: z.number().int(),
  }),
  cost: z.object({
    /** Change of the running rate, micro-dollars per hour; null: unknown (raises the risk). */
    perHourMicroUsd: z.number().int().nullable(),
    oneOffMicroUsd: z.number().int().nullable(),
    arithmetic: z.string().max(300),
  }),
  undo: z.object({
    possible: z.boolean(),
    text: z.string().max(300),
    /** The tool call whose plan takes this one back; null: there is none. */
    tool: z
      .object({ name: z.string(), args: z.record(z.string(), z.json()) })
      .nullable()
      .default(null),
  }),
  risk,
  riskReason: z.string().max(300),
  warnings: z.array(z.string().max(400)).max(12),
  durationS: z.number().nullable(),
  editable: z.array(editableField).max(12),
  /** Which words led here; untrusted sources that were read before it was drafted. */
  origin: z.object({
    text: z.string().max(2000),
    untrusted: z.array(z.string().max(200)).max(20),
    /** Nobody asked for it: an answer recommended it. */
    recommended: z.boolean().optional(),
  }),
  /** For high risk: the name that must be typed. */
  confirmName: z.string().max(80).nullable(),
  ttlS: z.number().int().min(30),
  /** A value that a person must enter in the card's secret field before it can be approved. The value itself is nowhere in here. */
  secretValue: z.object({ name: z.string().max(80), label: z.string().max(120) }).optional(),
})
export type PlanContent = z.infer<typeof planContent>
