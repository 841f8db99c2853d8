import { parsePeriod, type Period } from '@clawbernetes/domain/telemetry/period'
import { inert } from '@clawbernetes/protocol/text'
import type { FindingView } from '@clawbernetes/protocol/views/finding'
import type { FleetSummary } from '@clawbernetes/protocol/views/fleet'
import type { Ctx } from '@clawbernetes/services/context'
import { fleetSummary } from '@clawbernetes/services/fleet/fleet-summary'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { listFindings } from '@clawbernetes/services/diagnosis/list-findings'
import { counterHistory } from '@clawbernetes/services/telemetry/counter-history'
import { countWorkloads } from '@clawbernetes/services/workloads/count-workloads'
import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { adviseOn, adviceData, recommendationOf } from '../../src/registry/advice'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { nameSlot, whenSlot } from '../../src/registry/slots'
import { healthBlocks, healthSay, nodeReport } from './health-words'

const DEFAULT_PERIOD = 'day'
/** GPUs of which the counters' history is read in one report. */
const MAX_ECC = 20

export const healthOutput = z.object({
  scope: z.string(),
  period: z.string(),
  nodes: z.number(),
  healthy: z.number(),
  degraded: z.number(),
  notReporting: z.number(),
  cordoned: z.number(),
  gpus: z.number(),
  allocated: z.number(),
  free: z.number(),
  unavailable: z.number(),
  byModel: z.array(z.object({ model: z.string(), total: z.number(), free: z.number() })),
  running: z.number(),
  pending: z.number(),
  failed24h: z.number(),
  pendingReasons: z.array(z.object({ workload: z.string(), reason: z.string() })),
  attention: z.number(),
  alerts: z.array(z.object({ node: z.string(), gpu: z.number().nullable(), title: z.string(), detail: z.string() })),
  /** Counters of memory errors that grew within the period: only like is compared with like. */
  ecc: z.array(
    z.object({
      node: z.string(),
      gpu: z.number(),
      kind: z.string(),
      scope: z.string(),
      now: z.number(),
      before: z.number().nullable(),
      growth: z.number(),
      resets: z.number(),
    }),
  ),
  opened: z.number(),
  cleared: z.number(),
  idleGpus: z.number(),
  notKnown: z.array(z.string()),
  advice: adviceData,
})
export type Health = z.output<typeof healthOutput>

export const healthReport = readTool({
  kind: 'read',
  name: 'health_report',
  skill: 'observability',
  version: 1,
  title: 'Checked the fleet',
  description:
    'Health of the fleet or of one node over a period: nodes, GPUs, workloads, what needs attention, memory errors against the day before, and what is recommended.',
  input: z.object({ scope: nameSlot.optional(), period: whenSlot.optional() }),
  output: healthOutput,
  run: async (args, tool: ToolContext): Promise<ToolResult<Health>> => {
    const { ctx } = tool
    const nowMs = ctx.now().getTime()
    const period = parsePeriod(args.period ?? DEFAULT_PERIOD, nowMs)
    const window = period ?? parsePeriod(DEFAULT_PERIOD, nowMs)
    if (!window) throw new Error('the default period is one that is understood')
    const named = args.scope !== undefined && args.scope !== 'fleet'
    const [nodes, summary, all] = await Promise.all([
      named ? listNodes({ ctx }) : [],
      fleetSummary({ ctx }),
      listFindings({ ctx, input: { state: 'all' } }),
    ])
    const node = nodes.find((n) => n.name === args.scope)
    const findings = all.filter((f) => !node || f.nodeId === node.id)
    const open = findings.filter((f) => f.state === 'open')
    const advice = await adviseOn(ctx, open)
    const data = await dataOf({
      ctx,
      summary,
      findings,
      window,
      scope: node?.name ?? 'fleet',
      unknownPeriod: period === null,
      unknownScope: named && !node ? (args.scope ?? null) : null,
      advice,
    })
    return {
      data,
      say: node ? nodeReport(data, node) : healthSay(data),
      blocks: data.nodes === 0 ? [] : healthBlocks(data, summary, ctx.now(), node ?? null),
      ...(node ? { focus: { node: node.name } } : adviceFocus(advice)),
      ...(advice ? { recommendation: recommendationOf(advice) } : {}),
    }
  },
})

/** After "GPU 3 of node-06 …" the talk is about that GPU. */
function adviceFocus(advice: Health['advice']) {
  const node = advice?.slots.node
  const gpu = advice?.slots.isolate_gpu ?? advice?.slots.gpu
  return typeof node === 'string' ? { focus: { node, ...(typeof gpu === 'number' ? { gpu } : {}) } } : {}
}

interface Read {
  ctx: Ctx
  summary: FleetSummary
  findings: FindingView[]
  window: Period
  scope: string
  unknownPeriod: boolean
  unknownScope: string | null
  advice: Health['advice']
}

async function dataOf(r: Read): Promise<Health> {
  const { ctx, summary: s, window } = r
  const [counts, live, ecc] = await Promise.all([
    countWorkloads({ ctx }),
    liveWorkloads({ ctx, input: {} }),
    readEcc(r),
  ])
  const online = s.nodes.byStatus.online ?? 0
  const attention = r.scope === 'fleet' ? s.attention : s.attention.filter((a) => a.nodeName === r.scope)
  const within = (ms: number | null) => ms !== null && ms >= window.fromMs && ms < window.toMs
  const grave = r.findings.filter((f) => f.severity !== 'info')
  return {
    scope: r.scope,
    period: window.label,
    nodes: s.nodes.total,
    healthy: online - s.nodes.degraded,
    degraded: s.nodes.degraded,
    notReporting: s.nodes.total - online,
    cordoned: s.nodes.cordoned,
    gpus: s.gpus.total,
    allocated: s.gpus.allocated,
    free: s.gpus.free,
    unavailable: Math.max(0, s.gpus.total - s.gpus.allocated - s.gpus.free),
    byModel: s.gpus.byModel.map(({ model, total, free }) => ({ model, total, free })),
    running: counts.running,
    pending: counts.pending,
    failed24h: counts.failed24h,
    pendingReasons: live
      .filter((w) => w.status === 'pending')
      .slice(0, 5)
      .map((w) => ({ workload: w.name, reason: w.statusReason ?? 'it was not placed yet' })),
    attention: r.scope === 'fleet' ? s.attentionTotal : attention.length,
    alerts: attention
      .slice(0, 20)
      .map((a) => ({ node: a.nodeName, gpu: a.gpuIndex, title: a.title, detail: a.detail })),
    ecc,
    opened: grave.filter((f) => within(f.sinceMs)).length,
    cleared: grave.filter((f) => within(f.clearedAtMs)).length,
    idleGpus: s.idleAllocated.gpus,
    notKnown: notKnown(r, online),
    advice: r.advice,
  }
}

function notKnown(r: Read, online: number): string[] {
  const silent = r.summary.nodes.total - online
  return [
    ...(silent > 0
      ? [`${silent} node${silent === 1 ? '' : 's'} did not report: their values are unknown, not zero.`]
      : []),
    ...(r.unknownScope ? [`I know no node named ${inert(r.unknownScope, 60)}, so this is the whole fleet.`] : []),
    ...(r.unknownPeriod ? [`I did not understand the period, so this is ${r.window.label}.`] : []),
  ]
}

/** "47, was 12 yesterday": for the GPUs whose memory errors grew, from the history of the same counter. */
async function readEcc(r: Read): Promise<Health['ecc']> {
  const { ctx, window } = r
  // GPUs that a rule found something on: a fleet of thousands is not read for the few whose counters moved.
  const found = new Map(
    r.findings.flatMap((f) =>
      f.state === 'open' && f.gpuId !== null && f.gpuIndex !== null
        ? [[f.gpuId, { id: f.gpuId, nodeName: f.nodeName, index: f.gpuIndex }] as const]
        : [],
    ),
  )
  const gpus = [...found.values()]
  const rows = await Promise.all(
    gpus.slice(0, MAX_ECC).map(async (g) => {
      const { summaries } = await counterHistory({
        ctx,
        input: { gpuId: g.id, window: { fromMs: window.fromMs, toMs: window.toMs } },
      })
      const grown = summaries.filter((c) => c.kind.startsWith('ecc-') && c.location === 'total' && c.growth > 0)
      // Volatile and aggregate count the same errors: one of them is told.
      const scope = grown.some((c) => c.scope === 'volatile') ? 'volatile' : 'aggregate'
      return grown
        .filter((c) => c.scope === scope)
        .map((c) => ({
          node: g.nodeName,
          gpu: g.index,
          kind: c.kind,
          scope: c.scope,
          now: c.now,
          before: c.before,
          growth: c.growth,
          resets: c.resets,
        }))
    }),
  )
  return rows.flat().sort((a, b) => b.growth - a.growth)
}
