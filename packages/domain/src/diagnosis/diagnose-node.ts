import { evidence, type EventFact, type FindingDraft, HOUR_MS } from './facts'

export interface NodeFacts {
  nowMs: number
  memoryMib: number
  /** Of the last 24 hours, oldest first, those without a GPU. */
  events: readonly EventFact[]
  open: ReadonlySet<string>
}

/** Facts about a machine as a whole. */
export function diagnoseNode(node: NodeFacts): { drafts: FindingDraft[]; cleared: string[] } {
  const drafts = hostMemory(node)
  const found = new Set(drafts.map((draft) => draft.rule))
  return { drafts, cleared: [...node.open].filter((rule) => !found.has(rule)) }
}

function hostMemory(node: NodeFacts): FindingDraft[] {
  const kills = node.events.filter((event) => event.kind === 'oom-kill' && event.atMs > node.nowMs - HOUR_MS)
  const [first] = kills
  if (!first) return []
  return [
    {
      rule: 'host-memory',
      severity: 'warning',
      title:
        kills.length === 1 ? 'A process was killed for memory' : `${kills.length} processes were killed for memory`,
      detail: `The kernel killed ${kills.length === 1 ? 'a process' : `${kills.length} processes`} in the last hour; the machine has ${Math.round(node.memoryMib / 1024)} GiB.`,
      sinceMs: first.atMs,
      evidence: {
        for: kills.slice(-3).map((event) => evidence('Out-of-memory kill', { atMs: event.atMs, line: event.line })),
        against: [evidence("This is the machine's memory, not the GPU's")],
        confidence: 'high',
        hypotheses: [
          'A workload has no memory limit, or one above what the machine has.',
          'Data loaders or page-locked buffers grew.',
        ],
        nextTest: 'Compare the memory of the node with what its workloads were promised.',
        action: 'Give the workload a limit, or place it on a machine with more memory.',
      },
    },
  ]
}
