import { sameModel } from '@clawbernetes/domain/placement/filter'
import type { CounterSummary, GpuView } from '@clawbernetes/protocol/views/gpu'
import type { FindingView } from '@clawbernetes/protocol/views/finding'
import type { NodeDetail, NodeEvent } from '@clawbernetes/protocol/views/node'
import { listNodeEvents } from '@clawbernetes/services/fleet/list-node-events'
import { readNode } from '@clawbernetes/services/fleet/read-node'
import { counterHistory } from '@clawbernetes/services/telemetry/counter-history'
import * as z from 'zod'
import { adviseOn, adviceData, recommendationOf } from '../../src/registry/advice'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { quotesMachine } from '../../src/registry/diagnosis-items'
import { type GpuWindow, readGpuWindow, WINDOW_MIN } from '../../src/registry/gpu-window'
import { gpuSlot, nodeSlot, slugSlot, wordSlot } from '../../src/registry/slots'
import { findTarget } from './diagnosis-target'
import { diagnosisBlocks, diagnosisSay } from './diagnosis-words'

const COUNTER_HOURS = 24
const DAY_MS = COUNTER_HOURS * 3_600_000
/** GPUs of which counters are read in one answer. */
const MAX_COUNTERS = 16

const input = z.object({
  gpu: gpuSlot.optional(),
  node: nodeSlot.optional(),
  workload: slugSlot.optional(),
  gpu_type: wordSlot.optional(),
  symptom: wordSlot.optional(),
  metric: wordSlot.optional(),
  compare: z.boolean().optional(),
})

const value = z.number().nullable()
const reading = z.object({
  node: z.string(),
  gpu: z.number(),
  model: z.string(),
  workload: z.string().nullable(),
  reporting: z.boolean(),
  utilPct: value,
  tempC: value,
  marginC: value,
  powerW: value,
  smClockMhz: value,
  memUsedMib: value,
  throttledPct: value,
  throttleReasons: z.array(z.string()),
})
export type DiagnosedReading = z.output<typeof reading>

const output = z.object({
  verdict: z.enum(['findings', 'nothing-found', 'no-data', 'ask']),
  node: z.string().nullable(),
  gpu: z.number().nullable(),
  windowMin: z.number(),
  /** How far back counters and XID lines were read. */
  counterHours: z.number(),
  checkedGpus: z.number(),
  readings: z.array(reading),
  /** The neighbours that it is held against, as means; null: there are none that report. */
  neighbours: z
    .object({ gpus: z.array(z.number()), utilPct: value, tempC: value, smClockMhz: value, sameWorkload: z.boolean() })
    .nullable(),
  counters: z.array(
    z.object({
      gpu: z.number(),
      kind: z.string(),
      location: z.string(),
      scope: z.string(),
      bootId: z.string().nullable(),
      now: z.number(),
      dayAgo: z.number().nullable(),
      growth24h: z.number(),
      resets: z.number(),
    }),
  ),
  xids: z.array(z.object({ gpu: z.number().nullable(), code: z.number(), title: z.string(), count: z.number() })),
  findings: z.array(
    z.object({
      node: z.string(),
      gpu: z.number().nullable(),
      rule: z.string(),
      severity: z.string(),
      title: z.string(),
      detail: z.string(),
      confidence: z.string(),
      hypotheses: z.array(z.string()),
      nextTest: z.string().nullable(),
      action: z.string().nullable(),
    }),
  ),
  advice: adviceData,
})
export type Diagnosis = z.output<typeof output>

export const diagnoseGpu = readTool({
  kind: 'read',
  name: 'diagnose_gpu',
  skill: 'gpu-diagnose',
  version: 1,
  title: 'Diagnosed GPUs',
  description:
    'Is a GPU slow, hot, throttled or failing: holds it against its neighbours over the last minutes, reads throttle reasons, margin, ECC, remapped rows and XID lines, and gives hypotheses with evidence for and against.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, tool: ToolContext): Promise<ToolResult<Diagnosis>> {
  const { ctx } = tool
  const target = await findTarget(args, tool)
  if ('ask' in target) return asked(target.ask, target.options)
  const node = await readNode({ ctx, input: { nodeId: target.nodeId } })
  const pool = node.gpus.filter(
    (g) =>
      (!args.gpu_type || sameModel(g.model, args.gpu_type)) &&
      (target.workload === undefined || g.workload?.name === target.workload),
  )
  const one = target.gpu === undefined ? undefined : pool.find((g) => g.index === target.gpu)
  if (target.gpu !== undefined && !one)
    return asked(
      `${node.name} has no GPU ${target.gpu}${args.gpu_type ? ` of type ${args.gpu_type}` : ''}; it has ${pool.map((g) => g.index).join(', ') || 'none'}.`,
      [],
    )
  const gpus = one ? [one] : pool
  const [window, events, counters] = await Promise.all([
    readGpuWindow(ctx, node.id),
    listNodeEvents({ ctx, input: { nodeId: node.id, limit: 200, ...(one ? { gpuId: one.id } : {}) } }),
    readCounters(tool, gpus),
  ])
  const ids = new Set(gpus.map((g) => g.id))
  const findings = node.findings.filter((f) => (f.gpuId === null ? !one : ids.has(f.gpuId)))
  const advice = await adviseOn(ctx, findings)
  const fresh = gpus.filter((g) => !g.sample.stale)
  const data: Diagnosis = {
    verdict: findings.length > 0 ? 'findings' : fresh.length === 0 ? 'no-data' : 'nothing-found',
    node: node.name,
    gpu: one?.index ?? null,
    windowMin: WINDOW_MIN,
    counterHours: COUNTER_HOURS,
    checkedGpus: gpus.length,
    readings: gpus.map((g) => readingOf(node, g, window.get(g.id))),
    neighbours: one ? neighboursOf(one, pool, window) : null,
    counters,
    xids: xidsOf(events.events, ctx.now().getTime() - DAY_MS),
    findings: findings.map(findingData),
    advice,
  }
  return {
    data,
    say: diagnosisSay(data),
    blocks: diagnosisBlocks(data, findings, node.demo, ctx.now()),
    focus: {
      node: node.name,
      ...(one ? { gpu: one.index } : {}),
      ...(one?.workload || target.workload ? { workload: one?.workload?.name ?? target.workload } : {}),
    },
    ...(advice ? { recommendation: recommendationOf(advice) } : {}),
    ...(quotesMachine(findings) ? { untrusted: `kernel lines of ${node.name}` } : {}),
  }
}

function asked(say: string, options: { label: string; send: string }[]): ToolResult<Diagnosis> {
  return {
    data: {
      verdict: 'ask',
      node: null,
      gpu: null,
      windowMin: WINDOW_MIN,
      counterHours: COUNTER_HOURS,
      checkedGpus: 0,
      readings: [],
      neighbours: null,
      counters: [],
      xids: [],
      findings: [],
      advice: null,
    },
    say,
    blocks: options.length > 0 ? [{ type: 'choice', question: say, options }] : [],
  }
}

function readingOf(node: NodeDetail, gpu: GpuView, window: GpuWindow | undefined): DiagnosedReading {
  return {
    node: node.name,
    gpu: gpu.index,
    model: gpu.model,
    workload: gpu.workload?.name ?? null,
    reporting: !gpu.sample.stale,
    utilPct: window?.utilPct ?? null,
    tempC: window?.tempC ?? null,
    marginC: window?.marginC ?? gpu.reading.tempMarginC,
    powerW: window?.powerW ?? null,
    smClockMhz: window?.smClockMhz ?? null,
    memUsedMib: window?.memUsedMib ?? null,
    throttledPct: window?.throttledPct ?? null,
    throttleReasons: gpu.reading.throttleReasons,
  }
}

/** The others of the same workload where it is one of several, else those of the same model on the node. */
function neighboursOf(gpu: GpuView, pool: GpuView[], window: Map<string, GpuWindow>): Diagnosis['neighbours'] {
  const others = pool.filter((g) => g.id !== gpu.id && !g.sample.stale)
  const gang = gpu.workload ? others.filter((g) => g.workload?.id === gpu.workload?.id) : []
  const peers = gang.length > 0 ? gang : others.filter((g) => g.model === gpu.model)
  if (peers.length === 0) return null
  const mean = (metric: 'utilPct' | 'tempC' | 'smClockMhz') => {
    const known = peers.flatMap((g) => window.get(g.id)?.[metric] ?? [])
    return known.length === 0 ? null : Math.round((known.reduce((a, b) => a + b, 0) / known.length) * 10) / 10
  }
  return {
    gpus: peers.map((g) => g.index),
    utilPct: mean('utilPct'),
    tempC: mean('tempC'),
    smClockMhz: mean('smClockMhz'),
    sameWorkload: gang.length > 0,
  }
}

/** Counters that moved within a day or are not zero, with scope and boot, so that only like is compared with like. */
async function readCounters({ ctx }: ToolContext, gpus: GpuView[]): Promise<Diagnosis['counters']> {
  const toMs = ctx.now().getTime()
  const histories = await Promise.all(
    gpus.slice(0, MAX_COUNTERS).map(async (gpu) => ({
      gpu,
      history: await counterHistory({ ctx, input: { gpuId: gpu.id, window: { fromMs: toMs - DAY_MS, toMs } } }),
    })),
  )
  return histories.flatMap(({ gpu, history }) =>
    history.summaries
      .filter((s) => s.growth > 0 || s.now > 0)
      .map((s) => ({
        gpu: gpu.index,
        kind: s.kind,
        location: s.location,
        scope: s.scope,
        bootId: history.points.findLast((p) => sameCounter(p, s))?.bootId ?? null,
        now: s.now,
        dayAgo: s.before,
        growth24h: s.growth,
        resets: s.resets,
      })),
  )
}

const sameCounter = (
  a: Pick<CounterSummary, 'kind' | 'location' | 'scope'>,
  b: Pick<CounterSummary, 'kind' | 'location' | 'scope'>,
): boolean => a.kind === b.kind && a.location === b.location && a.scope === b.scope

function xidsOf(events: readonly NodeEvent[], sinceMs: number): Diagnosis['xids'] {
  const byKey = new Map<string, Diagnosis['xids'][number]>()
  for (const event of events) {
    if (event.kind !== 'xid' || event.code === null || event.atMs < sinceMs) continue
    const key = `${event.gpuIndex}|${event.code}`
    const known = byKey.get(key)
    byKey.set(
      key,
      known
        ? { ...known, count: known.count + 1 }
        : { gpu: event.gpuIndex, code: event.code, title: event.title, count: 1 },
    )
  }
  return [...byKey.values()]
}

const findingData = (f: FindingView): Diagnosis['findings'][number] => ({
  node: f.nodeName,
  gpu: f.gpuIndex,
  rule: f.rule,
  severity: f.severity,
  title: f.title,
  detail: f.detail,
  confidence: f.evidence.confidence,
  hypotheses: f.evidence.hypotheses,
  nextTest: f.evidence.nextTest,
  action: f.evidence.action,
})
