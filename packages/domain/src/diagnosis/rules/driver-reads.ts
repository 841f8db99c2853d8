import { evidence, type GpuFacts, type Rule } from '../facts'

const WORDS: Record<string, { title: string; meaning: string; action: string }> = {
  lost: {
    title: 'is lost',
    meaning: 'The driver says: GPU is lost.',
    action: 'Reboot the machine; a lost GPU does not come back by itself.',
  },
  'requires-reset': {
    title: 'requires a reset',
    meaning: 'The driver says: GPU requires reset.',
    action: 'Stop what runs on it and reset the GPU.',
  },
  unreadable: {
    title: 'cannot be read',
    meaning: 'The driver answers with an error instead of values.',
    action: 'Look at the kernel lines; reset the GPU once nothing runs on it.',
  },
}

/** A GPU that nobody can read counts as broken, never as idle. */
export const driverReads: Rule = {
  name: 'gpu-unreadable',
  needsReports: true,
  judge: (gpu) => {
    if (gpu.readability === 'ok') return []
    const words = WORDS[gpu.readability] ?? {
      title: 'cannot be read',
      meaning: 'The driver answers with an error.',
      action: 'Look at the kernel lines.',
    }
    const lines = kernelLines(gpu)
    return [
      {
        rule: 'gpu-unreadable',
        severity: 'critical',
        title: `GPU ${gpu.index} ${words.title}`,
        detail: `${words.meaning} No new work is placed on it.`,
        sinceMs:
          gpu.events.findLast((event) => event.kind === 'gpu-lost' || event.kind === 'gpu-unreadable')?.atMs ??
          gpu.nowMs,
        evidence: {
          for: [evidence(words.meaning), ...lines],
          against: [],
          confidence: 'high',
          hypotheses: [
            'The GPU fell off the bus: power, heat, riser or the GPU itself.',
            'The driver or its system processor hangs.',
          ],
          nextTest: 'Look for XID 79, 119 or 154 in the kernel lines of the last minutes.',
          action: words.action,
        },
      },
    ]
  },
}

const kernelLines = (gpu: GpuFacts) =>
  gpu.events
    .filter((event) => event.kind === 'xid' && event.line !== null)
    .slice(-3)
    .map((event) => evidence(`XID ${event.code}`, { atMs: event.atMs, line: event.line }))
