import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { FleetSummary } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { adviceWords } from '../../src/registry/advice'
import { clip } from '../../src/registry/draft-id'
import type { Health } from './health-report'

const LISTED = 3
const KIND_WORDS: Record<string, string> = {
  'ecc-corrected': 'corrected memory errors',
  'ecc-uncorrected': 'uncorrected memory errors',
}

/** "8 nodes: 7 healthy, 1 degraded. 32 GPUs …": from counts, never from prose. */
export function healthSay(d: Health): string {
  if (d.nodes === 0) return 'There are no nodes yet. Connect one in Settings, Nodes.'
  const models = d.byModel.map((m) => `${m.total} ${m.model}`).join(', ')
  const nodes = [
    `${d.healthy} healthy`,
    `${d.degraded} degraded`,
    d.notReporting > 0 ? `${d.notReporting} not reporting` : '',
    d.cordoned > 0 ? `${d.cordoned} cordoned` : '',
  ].filter(Boolean)
  const off = d.unavailable > 0 ? `, ${d.unavailable} not available` : ''
  return [
    `${d.nodes} node${d.nodes === 1 ? '' : 's'}: ${nodes.join(', ')}.`,
    `${d.gpus} GPUs (${models}): ${d.allocated} allocated, ${d.free} free${off}.`,
    `Workloads: ${d.running} running, ${d.pending} pending${pendingWords(d)}.`,
    alertWords(d),
    ...d.notKnown.filter((words) => words.startsWith('I ')),
  ]
    .filter(Boolean)
    .join(' ')
    .concat(adviceWords(d.advice))
}

/** The constraint that blocks the first of those that wait: free GPUs alone would contradict it. */
function pendingWords(d: Health): string {
  const first = d.pendingReasons[0]
  return first ? ` (${first.workload}: ${lower(first.reason).replace(/\.$/, '')})` : ''
}

function alertWords(d: Health): string {
  const told = new Set<string>()
  const ecc = d.ecc.slice(0, LISTED).map((e) => {
    told.add(`${e.node}/${e.gpu}`)
    return `${e.node} GPU ${e.gpu}: ${KIND_WORDS[e.kind] ?? e.kind} (${e.scope}) ${e.now}, ${e.before === null ? 'not known before' : `was ${e.before}`} at the beginning of ${d.period}${e.resets > 0 ? `, ${e.resets} restarts of the counter` : ''}.`
  })
  const rest = d.alerts
    .filter((a) => a.gpu === null || !told.has(`${a.node}/${a.gpu}`))
    .slice(0, Math.max(0, LISTED - ecc.length))
    .map((a) => `${a.title}: ${a.detail}`.replace(/\.?$/, '.'))
  if (ecc.length + rest.length === 0) return 'Nothing needs attention.'
  return [...ecc, ...rest].join(' ')
}

/** One node: what it has and does, and what is wrong with it. */
export function nodeReport(d: Health, node: NodeListItem): string {
  const models = node.gpuModels.map((m) => `${m.count} × ${m.model}`).join(', ') || 'no GPUs'
  const cordon = node.cordon ? ', cordoned' : ''
  const wrong = d.alerts.length === 0 ? 'Nothing is wrong with it.' : alertWords(d)
  return `${node.name} is ${node.status}${cordon}: ${models}, ${node.gpusFree} free. ${wrong}${adviceWords(d.advice)}`
}

export function healthBlocks(d: Health, s: FleetSummary, now: Date, node: NodeListItem | null): Block[] {
  const demo = s.nodes.demo > 0
  const meta = { at: now.toISOString(), demo }
  const fleet: Block[] = node ? [] : [summaryBlock(d, meta)]
  return [
    ...fleet,
    {
      type: 'report',
      title: node ? `Health of ${node.name}` : 'Health of the fleet',
      ...meta,
      source: 'node records, findings, counters and last samples',
      href: node ? `/nodes/${node.name}` : '/fleet',
      period: d.period,
      headline: clip(
        d.attention === 0
          ? 'Nothing needs attention.'
          : `${d.attention} thing${d.attention === 1 ? ' needs' : 's need'} attention.`,
        400,
      ),
      tiles: tiles(d, node),
      sections: sections(d),
      notCollected: d.notKnown.slice(0, 12),
    },
  ]
}

type Report = Extract<Block, { type: 'report' }>

function tiles(d: Health, node: NodeListItem | null): Report['tiles'] {
  const own = node
    ? [
        { label: 'State', value: node.status, note: node.cordon ? 'cordoned' : null, tone: null },
        { label: 'GPUs free', value: `${node.gpusFree} of ${node.gpusTotal}`, note: null, tone: null },
      ]
    : [
        {
          label: 'Nodes healthy',
          value: `${d.healthy} of ${d.nodes}`,
          note: null,
          tone: d.degraded > 0 ? ('warn' as const) : ('ok' as const),
        },
        { label: 'GPUs allocated', value: `${d.allocated} of ${d.gpus}`, note: `${d.free} free`, tone: null },
        { label: 'Workloads', value: `${d.running} running`, note: `${d.pending} pending`, tone: null },
      ]
  return [
    ...own,
    { label: 'Findings', value: `${d.opened} new`, note: `${d.cleared} cleared`, tone: d.opened > 0 ? 'warn' : null },
    ...(d.idleGpus > 0
      ? [{ label: 'Held and idle', value: `${d.idleGpus} GPUs`, note: null, tone: 'warn' as const }]
      : []),
  ]
}

function sections(d: Health): Report['sections'] {
  const list: Report['sections'] = []
  if (d.alerts.length > 0)
    list.push({
      title: 'Needs attention',
      items: d.alerts.slice(0, 20).map((a) => ({
        text: clip(`${a.gpu === null ? a.node : `${a.node} GPU ${a.gpu}`}: ${a.title}. ${a.detail}`, 400),
        tone: 'warn',
        href: `/nodes/${a.node}`,
      })),
    })
  if (d.ecc.length > 0)
    list.push({
      title: 'Memory errors',
      items: d.ecc.slice(0, 20).map((e) => ({
        text: `${e.node} GPU ${e.gpu}: ${KIND_WORDS[e.kind] ?? e.kind} (${e.scope}) ${e.now}, ${e.before === null ? 'not known before' : `was ${e.before}`}`,
        tone: e.kind === 'ecc-uncorrected' ? 'critical' : 'warn',
        href: `/nodes/${e.node}`,
      })),
    })
  if (d.pendingReasons.length > 0)
    list.push({
      title: 'Waiting',
      items: d.pendingReasons.map((p) => ({
        text: clip(`${p.workload}: ${p.reason}`, 400),
        tone: null,
        href: `/workloads/${p.workload}`,
      })),
    })
  if (d.advice) list.push({ title: 'Recommended', items: [{ text: clip(d.advice.text, 400), tone: null, href: null }] })
  return list
}

const summaryBlock = (d: Health, meta: { at: string; demo: boolean }): Block => ({
  type: 'fleet-summary',
  title: 'Fleet now',
  ...meta,
  source: 'node records and last samples',
  href: '/fleet',
  nodes: {
    total: d.nodes,
    online: d.healthy + d.degraded,
    degraded: d.degraded,
    offline: d.notReporting,
    cordoned: d.cordoned,
  },
  gpus: { total: d.gpus, allocated: d.allocated, free: d.free, unavailable: d.unavailable, byModel: d.byModel },
  workloads: { running: d.running, pending: d.pending, failed: d.failed24h },
})

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
