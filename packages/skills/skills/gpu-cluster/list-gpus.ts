import { sameModel } from '@clawbernetes/domain/placement/filter'
import { slugText } from '@clawbernetes/protocol/text'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import { GPU_STATE_WORDS } from '@clawbernetes/protocol/views/state-words'
import { listGpus as readGpus } from '@clawbernetes/services/fleet/list-gpus'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { byMetric, type Metric, METRICS, metricWords, UNIT } from './by-metric'

const input = z.object({
  free: z.boolean().optional(),
  gpu_type: z.string().max(40).optional(),
  node: slugText.optional(),
  metric: z.string().max(40).optional(),
  above: z.coerce.number().optional(),
  aggregate: z.union([z.string().max(40), z.boolean()]).optional(),
})
const output = z.object({
  total: z.number(),
  free: z.number(),
  allocated: z.number(),
  /** Held by nobody on nodes that take no new work: part of `unavailable`. */
  cordoned: z.number(),
  unavailable: z.number(),
  byModel: z.array(z.object({ model: z.string(), total: z.number(), free: z.number() })),
  matched: z.number(),
})
const CALM: ReadonlySet<GpuView['state']> = new Set(['free', 'allocated', 'cordoned'])
type Output = z.output<typeof output>

export const listGpus = readTool({
  kind: 'read',
  name: 'list_gpus',
  skill: 'gpu-cluster',
  version: 1,
  title: 'Checked GPUs',
  description:
    'GPUs of the fleet with model, state, utilisation, memory, temperature and who holds them; filters by node, model, free, or a metric above a value.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const all = await readGpus({ ctx })
  const scope = all.filter(
    (g) => (!args.node || g.nodeName === args.node) && (!args.gpu_type || sameModel(g.model, args.gpu_type)),
  )
  const key = args.metric ? METRICS[args.metric.toLowerCase() as keyof typeof METRICS] : undefined
  const above = args.above
  const wanted = String(args.aggregate ?? '')
  const aggregate = /^(?:max|min|avg|average|mean|highest|lowest|true)/i.test(wanted) ? wanted : ''
  const matching = scope.filter(
    (g) =>
      (!args.free || g.state === 'free') &&
      (above === undefined || !key || (g.reading[key] ?? Number.NEGATIVE_INFINITY) > above),
  )
  const shown = key ? byMetric(matching, key, aggregate) : matching
  const data: Output = {
    total: scope.length,
    free: scope.filter((g) => g.state === 'free').length,
    allocated: scope.filter((g) => g.workload !== null).length,
    cordoned: scope.filter((g) => g.state === 'cordoned').length,
    unavailable: scope.filter((g) => g.workload === null && g.state !== 'free').length,
    byModel: byModel(scope),
    matched: shown.length,
  }
  const stale = scope.filter((g) => g.sample.stale).length
  return {
    data,
    say:
      key && aggregate && above === undefined && shown.length > 0
        ? metricWords(shown, key, aggregate)
        : sentence(args, data, shown, key, stale),
    blocks: shown.length > 0 ? [table(shown, ctx.now(), args)] : [],
    focus: args.node ? { node: args.node } : undefined,
  }
}

function byModel(gpus: GpuView[]): Output['byModel'] {
  return [...new Set(gpus.map((g) => g.model))].sort().map((model) => {
    const of = gpus.filter((g) => g.model === model)
    return { model, total: of.length, free: of.filter((g) => g.state === 'free').length }
  })
}

function sentence(
  args: z.output<typeof input>,
  d: Output,
  shown: GpuView[],
  key: Metric | undefined,
  stale: number,
): string {
  const where = args.node ? ` on ${args.node}` : ''
  const what = args.gpu_type ? `${args.gpu_type.toUpperCase()} GPU` : 'GPU'
  const tail = stale > 0 ? ` ${stale} do not report now: their values are the last known.` : ''
  if (d.total === 0) return `There are no ${what}s${where}.`
  if (args.above !== undefined && key)
    return `${d.matched} of ${d.total} ${what}s${where} ${d.matched === 1 ? 'is' : 'are'} above ${args.above}${UNIT[key]}.${tail}`
  const models = d.byModel.map((m) => `${m.total} ${m.model}`).join(', ')
  if (args.free) return freeWords(d, what, where, shown) + tail
  const off = d.unavailable > 0 ? `, ${d.unavailable} not available` : ''
  return `${d.total} ${what}${d.total === 1 ? '' : 's'}${where} (${models}): ${d.allocated} allocated, ${d.free} free${off}.${tail}`
}

function freeWords(d: Output, what: string, where: string, shown: GpuView[]): string {
  const idle =
    d.cordoned > 0
      ? `${d.cordoned} more ${d.cordoned === 1 ? 'is' : 'are'} idle where nothing new is placed: cordoned.`
      : ''
  if (d.free === 0) return `No ${what} is free${where}: ${d.allocated} of ${d.total} are allocated. ${idle}`.trimEnd()
  const nodes = [...new Set(shown.map((g) => g.nodeName))].map(
    (n) => `${n}: ${shown.filter((g) => g.nodeName === n).length} × ${shown.find((g) => g.nodeName === n)?.model}`,
  )
  return `${d.free} of ${d.total} ${what}s are free${where}. ${nodes.join(' · ')}. ${idle}`.trimEnd()
}

function table(gpus: GpuView[], now: Date, args: z.output<typeof input>): Block {
  // The words of the page's own filter, so that it shows what the answer counted.
  const filter = [
    args.free ? 'state:free' : '',
    args.node ? `node:${args.node}` : '',
    args.gpu_type && !/\s/.test(args.gpu_type) ? `model:${args.gpu_type.toLowerCase()}` : '',
  ]
    .filter(Boolean)
    .join(' ')
  const round = (n: number | null) => (n === null ? null : Math.round(n))
  return {
    type: 'table',
    title: args.node ? `GPUs of ${args.node}` : 'GPUs',
    at: now.toISOString(),
    source: 'last sample of each node',
    href: `/gpus${filter ? `?${new URLSearchParams({ q: filter }).toString()}` : ''}`,
    demo: gpus.some((g) => g.demo),
    columns: [
      { key: 'gpu', label: 'GPU', align: 'left', unit: null },
      { key: 'model', label: 'Model', align: 'left', unit: null },
      { key: 'state', label: 'State', align: 'left', unit: null },
      { key: 'util', label: 'Util', align: 'right', unit: '%' },
      { key: 'mem', label: 'Memory', align: 'right', unit: 'GiB' },
      { key: 'temp', label: 'Temp', align: 'right', unit: '°C' },
      { key: 'power', label: 'Power', align: 'right', unit: 'W' },
      { key: 'workload', label: 'Workload', align: 'left', unit: null },
    ],
    rows: gpus.slice(0, 48).map((g) => ({
      href: `/nodes/${g.nodeName}`,
      tone: CALM.has(g.state) ? null : g.state === 'suspect' ? 'warn' : 'critical',
      cells: {
        gpu: `${g.nodeName} / ${g.index}`,
        model: g.model,
        state: GPU_STATE_WORDS[g.state].toLowerCase(),
        util: round(g.reading.utilPct),
        mem: g.reading.memUsedMib === null ? null : Number((g.reading.memUsedMib / 1024).toFixed(1)),
        temp: round(g.reading.tempC),
        power: round(g.reading.powerW),
        workload: g.workload?.name ?? null,
      },
    })),
    more: Math.max(0, gpus.length - 48),
  }
}
