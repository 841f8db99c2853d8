import * as z from 'zod'

export const findingSeverity = z.enum(['info', 'warning', 'critical'])
export type FindingSeverity = z.infer<typeof findingSeverity>

/** One observation that speaks for or against a finding. `text` is ours; `line` is the machine's and untrusted. */
export const evidenceItem = z.object({
  text: z.string(),
  atMs: z.number().int().nullable(),
  /** The value that was compared and the threshold it met, where there is one, with its unit. */
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string().nullable(),
  line: z.string().nullable(),
})
export type EvidenceItem = z.infer<typeof evidenceItem>

export const findingEvidence = z.object({
  for: z.array(evidenceItem),
  against: z.array(evidenceItem),
  /** low, medium, high: how well the evidence carries the finding. */
  confidence: z.enum(['low', 'medium', 'high']),
  /** What could be wrong, likeliest first, in plain words. */
  hypotheses: z.array(z.string()),
  /** The cheapest test that would tell more. */
  nextTest: z.string().nullable(),
  /** What the catalogue or the rule advises; a person decides. */
  action: z.string().nullable(),
})
export type FindingEvidence = z.infer<typeof findingEvidence>

export const findingView = z.object({
  id: z.string(),
  rule: z.string(),
  severity: findingSeverity,
  state: z.enum(['open', 'cleared']),
  title: z.string(),
  detail: z.string(),
  nodeId: z.string(),
  nodeName: z.string(),
  gpuId: z.string().nullable(),
  gpuIndex: z.number().int().nullable(),
  evidence: findingEvidence,
  sinceMs: z.number().int(),
  lastSeenAtMs: z.number().int(),
  clearedAtMs: z.number().int().nullable(),
})
export type FindingView = z.infer<typeof findingView>
