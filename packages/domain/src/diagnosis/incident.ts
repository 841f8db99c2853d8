import type { EvidenceItem, FindingView } from '@clawbernetes/protocol/views/finding'
import { evidence } from './facts'
import type { LogSign, SignedLine } from './log-signs'

/** What an investigation knows, from rows. null or empty: it was looked at and nothing is known. */
export interface IncidentFacts {
  node: { name: string; online: boolean; statusReason: string | null; allReadable: boolean } | null
  workload: {
    name: string
    kind: string
    status: string
    reason: string | null
    gradientCheckpointing: boolean | null
    lastWordMs: number | null
    /** Memory of one of its GPUs, in GiB. */
    gpuGib: number | null
  } | null
  findings: readonly FindingView[]
  signs: readonly SignedLine[]
  /** XID codes that came from the node in the window. */
  xids: readonly { code: number; atMs: number }[]
  nowMs: number
}

export interface Hypothesis {
  key: string
  title: string
  confidence: 'low' | 'medium' | 'high'
  for: EvidenceItem[]
  against: EvidenceItem[]
  nextTest: string | null
  action: string | null
}

const LINE = (line: SignedLine): EvidenceItem => evidence('Line of its log', { atMs: line.atMs, line: line.text })
const WEIGHT = { high: 0, medium: 1, low: 2 } as const

/** What could have happened, likeliest first, each with what speaks for and against it. Nothing known gives nothing. */
export function hypotheses(facts: IncidentFacts): Hypothesis[] {
  return [
    ...nodeGone(facts),
    ...outOfMemory(facts),
    ...kernelFault(facts),
    ...hungCollective(facts),
    ...signOnly(facts),
    ...facts.findings.filter((f) => f.severity !== 'info').map(ofFinding),
  ].sort((a, b) => WEIGHT[a.confidence] - WEIGHT[b.confidence])
}

const of = (facts: IncidentFacts, ...signs: LogSign[]): SignedLine[] =>
  facts.signs.filter((s) => signs.includes(s.sign))

function nodeGone({ node }: IncidentFacts): Hypothesis[] {
  if (!node || node.online) return []
  return [
    {
      key: 'node-gone',
      title: `${node.name} does not report`,
      confidence: 'medium',
      for: [evidence(node.statusReason ?? 'No sign of life from its node agent')],
      against: [evidence('A node that is silent may still run its workloads: silence is not failure')],
      nextTest: 'Try to reach the machine over the network or its baseboard controller.',
      action: 'Start no replacement of what ran there before the machine is known to be down.',
    },
  ]
}

/** The allocator's own line is the evidence: an error of a kernel alone never means memory. */
function outOfMemory(facts: IncidentFacts): Hypothesis[] {
  const lines = of(facts, 'gpu-out-of-memory')
  const last = lines.at(-1)
  if (!last) return []
  const { workload } = facts
  const gib = last.gib
  const card = workload?.gpuGib ?? null
  const hardware = facts.findings.filter((f) => f.severity === 'critical' && f.rule !== 'hung-context')
  const checkpointing = workload?.gradientCheckpointing
  return [
    {
      key: 'gpu-out-of-memory',
      title: 'The GPU ran out of memory',
      confidence: hardware.length === 0 ? 'high' : 'medium',
      for: [
        LINE(last),
        ...(gib !== null && card !== null
          ? [evidence('Asked for, against the memory of the card', { value: gib, threshold: card, unit: 'GiB' })]
          : []),
      ],
      against: hardware.map((f) => evidence(`Also open: ${f.title}`)),
      nextTest: 'Look at the peak of memory in the profiler, or run one step with half the batch.',
      action:
        checkpointing === false
          ? 'Restart with gradient checkpointing: it saves memory of activations only, and each step computes more.'
          : 'Restart with a smaller batch, or on a card with more memory.',
    },
  ]
}

/** 719, 700 and XID 13 or 31 are faults inside a kernel; they do not mean that memory ran out. */
function kernelFault(facts: IncidentFacts): Hypothesis[] {
  const lines = of(facts, 'launch-failed', 'illegal-access')
  const last = lines.at(-1)
  const app = facts.xids.filter((x) => x.code === 13 || x.code === 31)
  if (!last && app.length === 0) return []
  const memory = of(facts, 'gpu-out-of-memory').length > 0
  return [
    {
      key: 'kernel-fault',
      title: 'A kernel of the application failed on the GPU',
      confidence: memory ? 'low' : app.length > 0 ? 'high' : 'medium',
      for: [...(last ? [LINE(last)] : []), ...app.slice(-2).map((x) => evidence(`XID ${x.code}`, { atMs: x.atMs }))],
      against: [
        ...(memory
          ? [evidence('The allocator reported that memory ran out: the fault may only follow from that')]
          : []),
        ...(app.length === 0 ? [evidence('No XID 13 or 31 came from the node')] : []),
      ],
      nextTest: 'Run it once with CUDA_LAUNCH_BLOCKING=1, so that the failing kernel is named.',
      action: 'Look at the application first; the hardware is not suspected by this alone.',
    },
  ]
}

function hungCollective(facts: IncidentFacts): Hypothesis[] {
  const last = of(facts, 'nccl-timeout').at(-1)
  if (!last) return []
  return [
    {
      key: 'collective-hung',
      title: 'A collective of the training waits for a rank that does not come',
      confidence: 'medium',
      for: [LINE(last), ...facts.findings.filter((f) => f.rule === 'hung-context').map((f) => evidence(f.title))],
      against: [],
      nextTest: 'Find the first rank with another error; the others only time out after it.',
      action: 'Restart all ranks from the last checkpoint together.',
    },
  ]
}

const SIGN_WORDS: Partial<Record<LogSign, { title: string; action: string }>> = {
  'ecc-error': { title: 'Memory of the GPU returned an error', action: 'Diagnose the GPU before it is used again.' },
  'host-out-of-memory': {
    title: "The machine's memory ran out",
    action: 'Give it a limit it keeps to, or a machine with more memory.',
  },
  'disk-full': { title: 'A disk is full', action: 'Make room, or let it write elsewhere.' },
  'nan-loss': {
    title: 'The loss is not a number any more',
    action: 'Go back to a checkpoint with a lower learning rate.',
  },
  'file-missing': { title: 'A file that it needs is not there', action: 'Look at its mounts and paths.' },
  'import-error': { title: 'A module is missing in its image', action: 'Use an image that holds it.' },
  network: { title: 'It could not reach another machine', action: 'Look at the network between the nodes.' },
}

function signOnly(facts: IncidentFacts): Hypothesis[] {
  return Object.entries(SIGN_WORDS).flatMap(([sign, words]) => {
    const last = of(facts, sign as LogSign).at(-1)
    if (!last) return []
    return [
      {
        key: sign,
        title: words.title,
        confidence: 'medium' as const,
        for: [LINE(last)],
        against: [],
        nextTest: 'Read the log around that line.',
        action: words.action,
      },
    ]
  })
}

const ofFinding = (f: FindingView): Hypothesis => ({
  key: `finding:${f.id}`,
  title: `${f.title} (${f.nodeName})`,
  confidence: f.evidence.confidence,
  for: f.evidence.for,
  against: f.evidence.against,
  nextTest: f.evidence.nextTest,
  action: f.evidence.action,
})
