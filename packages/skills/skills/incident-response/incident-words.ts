import type { Block } from '@clawbernetes/protocol/views/blocks'
import { adviceWords } from '../../src/registry/advice'
import { evidenceItems } from '../../src/registry/diagnosis-items'
import { clip } from '../../src/registry/draft-id'
import type { Investigation } from './investigate'
import type { Incident, InvestigateArgs } from './tools'

const LINES_SHOWN = 20

/** First what is well, then the likeliest reason with its confidence, then the cheapest next test. */
export function incidentSay(d: Incident, i: Investigation, args: InvestigateArgs): string {
  if (d.verdict === 'no-target') {
    const name = args.node ?? args.workload ?? args.service
    return name
      ? `I see no ${name}.${d.candidates.length > 0 ? ` Workloads are ${d.candidates.join(', ')}.` : ''}`
      : 'Nothing failed lately, and no node or workload was named. Which one is it about?'
  }
  const state = [nodeWords(d), workloadWords(d)].filter(Boolean).join(' ')
  const changed = d.plans.length > 0 ? ` Changed in ${d.period}: ${d.plans.slice(0, 2).join('; ')}.` : ''
  const others =
    d.candidates.length > 0
      ? ` I looked at ${d.workload?.name}; there are also ${d.candidates.slice(0, 3).join(', ')}.`
      : ''
  const [first, second] = d.hypotheses
  if (!first)
    return `${state} I find no reason in the readings, findings${i.workload ? ', events and log' : ' and events'} of ${d.period}.${changed}${others}`
  const lead = `Likeliest: ${lower(first.title)} (${first.confidence} confidence).`
  const next = second ? ` Also possible: ${lower(second.title)} (${second.confidence}).` : ''
  const test = first.nextTest ? ` Cheapest next test: ${first.nextTest}` : ''
  return `${state} ${lead}${next}${test}${changed}${others}${adviceWords(d.advice)}`
}

function nodeWords(d: Incident): string {
  const n = d.node
  if (!n) return ''
  const reports = n.network.reporting
    ? 'reports over the network'
    : `does not report${n.network.sampleAgeS === null ? '' : ` since ${n.network.sampleAgeS} s`}`
  const read =
    n.gpusReadable === n.gpus
      ? `its driver answers for all ${n.gpus} GPUs`
      : `its driver answers for ${n.gpusReadable} of ${n.gpus} GPUs`
  return `${n.name} is ${n.status} and ${reports}; ${read}.`
}

function workloadWords(d: Incident): string {
  const w = d.workload
  if (!w) return ''
  const held = d.readings.filter((r) => r.workload === w.name && r.utilPct !== null)
  const idle = held.filter((r) => (r.utilPct ?? 0) < 1)
  const use = held.length === 0 ? '' : idle.length > 0 ? `, ${idle.length} of its ${w.gpus} GPUs at 0 %` : ''
  const silent = w.silentMin !== null && w.silentMin >= 2 ? `, its log silent for ${w.silentMin} min` : ''
  return `${w.name} is ${w.status}${use}${silent}.`
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

export function incidentBlocks(d: Incident, i: Investigation, now: Date): Block[] {
  if (d.verdict === 'no-target') return []
  const demo = i.node?.demo ?? i.workload?.demo ?? false
  const meta = { at: now.toISOString(), demo }
  const name = i.workload?.name ?? i.node?.name ?? ''
  const blocks: Block[] = [
    {
      type: 'diagnosis',
      title: `Investigation of ${name}`,
      ...meta,
      source: `readings, findings, events, plans and log of ${d.period}`,
      href: i.workload ? `/workloads/${i.workload.name}` : `/nodes/${i.node?.name}`,
      items: i.hypotheses.slice(0, 20).map((h) => ({
        severity: h.confidence === 'high' ? 'critical' : 'warning',
        title: clip(h.title, 200),
        detail: '',
        href: null,
        confidence: h.confidence,
        for: evidenceItems(h.for),
        against: evidenceItems(h.against),
        hypotheses: [],
        nextTest: h.nextTest,
        action: h.action,
      })),
      checked: checked(d),
    },
  ]
  const entries = timelineEntries(i)
  if (entries.length > 0)
    blocks.push({
      type: 'timeline',
      title: 'What happened',
      ...meta,
      source: 'events of the node and plans',
      href: i.node ? `/nodes/${i.node.name}` : null,
      entries: entries.slice(-40),
      more: Math.max(0, entries.length - 40),
    })
  const lines = i.lines.filter((l) => l.level === 'error' || l.level === 'warning').slice(-LINES_SHOWN)
  const shown = lines.length > 0 ? lines : i.lines.slice(-5)
  if (i.workload && shown.length > 0)
    blocks.push({
      type: 'log-excerpt',
      title: `Log of ${i.workload.name}`,
      ...meta,
      source: `from ${i.workload.name} logs`,
      href: `/workloads/${i.workload.name}?tab=logs`,
      lines: shown.map((l) => ({ at: new Date(l.atMs).toISOString(), stream: l.stream, level: l.level, text: l.text })),
      dropped: 0,
    })
  return blocks
}

function checked(d: Incident): string[] {
  return [
    d.node
      ? `${d.node.name}: ${d.node.status}, ${d.node.network.reporting ? 'reporting' : 'not reporting'}`
      : 'No node',
    d.node ? `Driver ${d.node.driver ?? 'unknown'}: ${d.node.gpusReadable} of ${d.node.gpus} GPUs readable` : '',
    `${d.events} events and ${d.plans.length} plans in ${d.period}`,
    d.workload ? `Log of ${d.workload.name}: ${d.errorLines} error lines` : 'No workload',
  ].filter(Boolean)
}

function timelineEntries(i: Investigation) {
  return [
    ...i.events.map((e) => ({
      at: new Date(e.atMs).toISOString(),
      label: clip(e.gpuIndex === null ? e.title : `GPU ${e.gpuIndex}: ${e.title}`, 200),
      detail: e.line === null ? null : clip(e.line, 500),
      tone: e.source === 'machine' ? ('warn' as const) : null,
      href: null,
      untrusted: e.line !== null,
    })),
    ...i.plans.map((p) => ({
      at: p.createdAt,
      label: clip(`${p.label} ${p.title}: ${p.state}`, 200),
      detail: null,
      tone: null,
      href: `/plans/${p.label}`,
      untrusted: false,
    })),
  ].sort((a, b) => a.at.localeCompare(b.at))
}
