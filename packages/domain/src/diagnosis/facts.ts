import type { EvidenceItem, FindingEvidence, FindingSeverity } from '@clawbernetes/protocol/views/finding'
import type { CounterGrowth } from '../telemetry/counters'
import type { GpuValues } from '../telemetry/layout'

export interface TimedValues extends GpuValues {
  atMs: number
}

/** Something that the node reported once. */
export interface EventFact {
  kind: string
  code: number | null
  line: string | null
  atMs: number
  replicaId: string | null
}

/** What is known of one GPU when its rules are asked. */
export interface GpuFacts {
  nowMs: number
  nodeName: string
  index: number
  model: string
  readability: string
  slowdownTempC: number | null
  /** The node is online and its last sample is not stale. Without it nothing is said about values. */
  reporting: boolean
  /** Samples of the last ten minutes, oldest first. */
  samples: readonly TimedValues[]
  /** Of the last 24 hours, oldest first. */
  events: readonly EventFact[]
  /** Of the last 24 hours. */
  growth: readonly CounterGrowth[]
  /** Who holds the GPU now. */
  holder: { workloadName: string; kind: string; running: boolean; lastProgressAtMs: number | null } | null
  /** Mean utilisation of the other GPUs of the same workload over the same minutes; empty: it is alone. */
  peerUtilPct: readonly number[]
  /** Rules with an open finding on this GPU: they stay open on weaker evidence than they need to open. */
  open: ReadonlySet<string>
}

/** A fact that a rule diagnosed, before it is stored. */
export interface FindingDraft {
  rule: string
  severity: FindingSeverity
  title: string
  detail: string
  evidence: FindingEvidence
  sinceMs: number
}

export interface Rule {
  /** Rules of one family share a prefix; findings of it are cleared when it says nothing. */
  name: string
  /** Judges by samples or readings: while a node does not report, it knows nothing, and its findings stay as they are. */
  needsReports: boolean
  judge: (gpu: GpuFacts) => FindingDraft[]
}

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

export const evidence = (text: string, over: Partial<EvidenceItem> = {}): EvidenceItem => ({
  text,
  atMs: null,
  value: null,
  threshold: null,
  unit: null,
  line: null,
  ...over,
})

/** Samples of the last `windowMs`. */
export const recent = (gpu: GpuFacts, windowMs: number): TimedValues[] =>
  gpu.samples.filter((sample) => sample.atMs > gpu.nowMs - windowMs)

/** Mean of what was reported; null when nothing was. */
export function meanOf(samples: readonly TimedValues[], metric: keyof GpuValues): number | null {
  const known = samples.flatMap((sample) => sample[metric] ?? [])
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length
}
