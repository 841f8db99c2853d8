import type { FindingSeverity } from '@clawbernetes/protocol/views/finding'
import { evidence, type EventFact, type FindingDraft, type GpuFacts, type Rule } from '../facts'
import { ACTION_WORDS, type XidEntry, xidEntry } from '../xid-catalogue'

/** A timeout of a context is an application's until it comes again. */
const REPEATED = 3
/** Lines that only follow others or need nothing are no findings; their own rules read what they tell. */
const SILENT = new Set(['ignore', 'follow-other', 'read-recovery-action'])

/** XID lines of a day, folded per code: a class of action and not a severity. */
export const xids: Rule = {
  name: 'xid',
  needsReports: false,
  judge: (gpu) => {
    const byCode = new Map<number, EventFact[]>()
    for (const event of gpu.events)
      if (event.kind === 'xid' && event.code !== null)
        byCode.set(event.code, [...(byCode.get(event.code) ?? []), event])
    return [...byCode].flatMap(([code, events]) => {
      const entry = xidEntry(code)
      if (entry && SILENT.has(entry.action)) return []
      return [draft(gpu, code, entry, events)]
    })
  },
}

function severityOf(entry: XidEntry | null, count: number): FindingSeverity {
  if (!entry) return 'warning'
  if (entry.code === 109) return count >= REPEATED ? 'critical' : 'warning'
  if (entry.class === 'application') return 'info'
  if (entry.action === 'restart-app' || entry.class === 'either') return 'warning'
  return 'critical'
}

function draft(gpu: GpuFacts, code: number, entry: XidEntry | null, events: EventFact[]): FindingDraft {
  const last = events.at(-1)
  const application = entry?.class === 'application'
  const replicas = new Set(events.flatMap((event) => event.replicaId ?? []))
  const times = events.length === 1 ? 'once' : `${events.length} times`
  return {
    rule: `xid-${code}`,
    severity: severityOf(entry, events.length),
    title: `XID ${code} on GPU ${gpu.index}: ${entry?.title ?? 'not in the catalogue'}`,
    detail: `${entry?.meaning ?? 'This code is not in the catalogue, which does not make it harmless.'} Seen ${times} in 24 h.`,
    sinceMs: events[0]?.atMs ?? gpu.nowMs,
    evidence: {
      for: events.slice(-3).map((event) => evidence(`XID ${code}`, { atMs: event.atMs, line: event.line })),
      against: [
        ...(application
          ? [evidence("The catalogue counts this as the application's own error: it says nothing about the hardware")]
          : []),
        ...(events.length === 1 && entry?.class === 'either' ? [evidence('It happened once')] : []),
        ...(replicas.size > 1
          ? []
          : application && events.length > 1
            ? [evidence('All of them came from one workload')]
            : []),
      ],
      confidence: entry && entry.class !== 'either' ? 'high' : 'medium',
      hypotheses: application
        ? ['An error in the application.', 'Seldom: the GPU, when several applications meet it.']
        : [entry?.meaning ?? 'Unknown.'],
      nextTest: last?.replicaId ? 'Read the log of the workload at that moment.' : null,
      action: entry
        ? [ACTION_WORDS[entry.action], entry.then ? `If it comes again: ${lower(ACTION_WORDS[entry.then])}` : '']
            .join(' ')
            .trim()
        : 'Look the code up with the vendor.',
    },
  }
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
