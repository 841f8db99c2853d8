import { usd } from '@clawbernetes/domain/market/price'
import { parsePeriod } from '@clawbernetes/domain/telemetry/period'
import { inert } from '@clawbernetes/protocol/text'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { fleetSummary } from '@clawbernetes/services/fleet/fleet-summary'
import { type GpuTime, gpuTime } from '@clawbernetes/services/workloads/gpu-time'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { slugSlot, whenSlot, wordSlot } from '../../src/registry/slots'

const GROUPS = { workload: 'workload', user: 'owner', node: 'node', model: 'gpuModel', kind: 'kind' } as const
type Group = keyof typeof GROUPS
/** What a group is called when people say it. Teams and projects are not known here, and that is said. */
const GROUP_WORDS: Record<string, Group> = {
  workload: 'workload',
  job: 'workload',
  service: 'workload',
  user: 'user',
  owner: 'user',
  person: 'user',
  node: 'node',
  gpu: 'model',
  model: 'model',
  kind: 'kind',
}
const DEFAULT_PERIOD = 'week'

const line = z.object({
  label: z.string(),
  gpuHours: z.number(),
  gpuHoursWithoutPrice: z.number(),
  usd: z.number().nullable(),
})
const output = z.object({
  period: z.string(),
  from: z.string(),
  to: z.string(),
  groupBy: z.string(),
  gpuHours: z.number(),
  /** GPU-hours on nodes without a price: not in the sum. */
  gpuHoursWithoutPrice: z.number(),
  /** null: no GPU-hour has a price. */
  usd: z.number().nullable(),
  lines: z.array(line),
  /** Held now and below 5 % for a quarter of an hour. */
  idleGpus: z.number(),
  idleWorkloads: z.array(z.string()),
  /** If what is held now goes on to the end of the month; null: not asked, or a price is missing. */
  projectedMonthUsd: z.number().nullable(),
  perHourNowUsd: z.number().nullable(),
  notKnown: z.array(z.string()),
})
type Output = z.output<typeof output>

const input = z.object({
  period: whenSlot.optional(),
  group_by: wordSlot.optional(),
  service: slugSlot.optional(),
  metric: wordSlot.optional(),
  category: wordSlot.optional(),
  projection: z.boolean().optional(),
})

export const costReport = readTool({
  kind: 'read',
  name: 'cost_report',
  skill: 'cost-optimize',
  version: 1,
  title: 'Added up costs',
  description:
    'GPU-hours held in a period and what they cost by the price labels of the nodes, by workload, user, node or GPU model; what is not known is named.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const now = ctx.now()
  const period = parsePeriod(args.period ?? DEFAULT_PERIOD, now.getTime()) ?? parsePeriod(DEFAULT_PERIOD, now.getTime())
  if (!period) throw new Error('the default period is one that is understood')
  const understood = args.period === undefined || parsePeriod(args.period, now.getTime()) !== null
  const [all, summary] = await Promise.all([
    gpuTime({ ctx, input: { fromMs: period.fromMs, toMs: period.toMs } }),
    fleetSummary({ ctx }),
  ])
  const rows = args.service ? all.filter((r) => r.workload === args.service) : all
  const group = GROUP_WORDS[args.group_by ?? 'workload'] ?? 'workload'
  const held = await heldNow(ctx, args.service)
  const data: Output = {
    period: period.label,
    from: new Date(period.fromMs).toISOString(),
    to: new Date(Math.min(period.toMs, now.getTime())).toISOString(),
    groupBy: group,
    ...totals(rows),
    lines: linesOf(rows, group),
    idleGpus: summary.idleAllocated.gpus,
    idleWorkloads: summary.idleAllocated.workloads.map((w) => w.name),
    perHourNowUsd: held,
    projectedMonthUsd: args.projection ? await projection(ctx, held, args.service) : null,
    notKnown: notKnown(args, rows, understood),
  }
  return { data, say: sentence(data, args), blocks: blocks(data, rows, ctx.now()) }
}

function totals(rows: readonly GpuTime[]): Pick<Output, 'gpuHours' | 'gpuHoursWithoutPrice' | 'usd'> {
  const priced = rows.filter((r) => r.priceMicroUsd !== null)
  const sum = (list: readonly GpuTime[]) => round2(list.reduce((total, r) => total + r.gpuHours, 0))
  return {
    gpuHours: sum(rows),
    gpuHoursWithoutPrice: sum(rows.filter((r) => r.priceMicroUsd === null)),
    usd:
      rows.length > 0 && priced.length === 0
        ? null
        : round2(priced.reduce((total, r) => total + (r.gpuHours * (r.priceMicroUsd ?? 0)) / 1e6, 0)),
  }
}

function linesOf(rows: readonly GpuTime[], group: Group): Output['lines'] {
  const key = GROUPS[group]
  const names = [...new Set(rows.map((r) => r[key]))]
  return names
    .map((label) => ({ label, ...totals(rows.filter((r) => r[key] === label)) }))
    .sort((a, b) => b.gpuHours - a.gpuHours)
}

/** What the GPUs that are held at this moment cost an hour. */
async function heldNow(ctx: ToolContext['ctx'], service: string | undefined): Promise<number | null> {
  const nowMs = ctx.now().getTime()
  const rows = (await gpuTime({ ctx, input: { fromMs: nowMs - 1000, toMs: nowMs } })).filter(
    (r) => r.heldNow && (!service || r.workload === service),
  )
  if (rows.some((r) => r.priceMicroUsd === null)) return null
  return round2(rows.reduce((total, r) => total + (r.gpus * (r.priceMicroUsd ?? 0)) / 1e6, 0))
}

async function projection(
  ctx: ToolContext['ctx'],
  perHour: number | null,
  service: string | undefined,
): Promise<number | null> {
  const nowMs = ctx.now().getTime()
  const month = parsePeriod('this month', nowMs)
  if (perHour === null || !month) return null
  const at = ctx.now()
  const endMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)
  const sofar = totals(
    (await gpuTime({ ctx, input: { fromMs: month.fromMs, toMs: nowMs } })).filter(
      (r) => !service || r.workload === service,
    ),
  )
  if (sofar.gpuHoursWithoutPrice > 0) return null
  return round2((sofar.usd ?? 0) + (perHour * (endMs - nowMs)) / 3_600_000)
}

function notKnown(args: z.output<typeof input>, rows: readonly GpuTime[], understood: boolean): string[] {
  const list: string[] = []
  const unpriced = [...new Set(rows.filter((r) => r.priceMicroUsd === null).map((r) => r.node))]
  if (unpriced.length > 0)
    list.push(`No price of ${unpriced.slice(0, 6).join(', ')}: the label price-per-gpu-hour-usd is missing there.`)
  if (!understood)
    list.push(`I don't know the period “${inert(args.period ?? '', 40)}”, so this is ${'the last 7 days'}.`)
  if (args.group_by && !GROUP_WORDS[args.group_by])
    list.push(`I don't know a ${inert(args.group_by, 30)} of workloads; this is by workload.`)
  if (args.category === 'power' || args.category === 'storage')
    list.push(`${args.category === 'power' ? 'Electricity' : 'Storage'} is not priced here: only GPU time is.`)
  if (args.metric === 'budget') list.push('No budget is set in this installation.')
  list.push('Prices are those of the labels now, also for the time before; CPU, storage and traffic are not counted.')
  return list
}

function sentence(d: Output, args: z.output<typeof input>): string {
  const of = args.service ? ` of ${args.service}` : ''
  if (d.lines.length === 0)
    return `Nothing held a GPU${args.service ? ` for ${args.service}` : ''} in ${d.period}. ${d.notKnown[0] ?? ''}`.trim()
  const money = d.usd === null ? 'no price is known' : money2(d.usd)
  const without =
    d.gpuHoursWithoutPrice > 0 && d.usd !== null
      ? ` without ${d.gpuHoursWithoutPrice} GPU-hours that have no price`
      : ''
  const first = d.lines
    .slice(0, 3)
    .map((l) => `${l.label} ${l.gpuHours} GPU-hours${l.usd === null ? '' : ` (${money2(l.usd)})`}`)
    .join(', ')
  const idle =
    d.idleGpus > 0
      ? ` ${d.idleGpus} held GPU${d.idleGpus === 1 ? ' did' : 's did'} next to nothing for the last quarter of an hour: ${d.idleWorkloads.slice(0, 3).join(', ')}.`
      : ''
  const month =
    d.projectedMonthUsd === null
      ? ''
      : ` If what runs now goes on, this month comes to about ${money2(d.projectedMonthUsd)}.`
  return `${d.gpuHours} GPU-hours${of} in ${d.period}: ${money}${without}. Most: ${first}.${month}${idle}`
}

/** Totals show cents, prices of a GPU-hour more where they are small. */
const money2 = (value: number): string =>
  `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
const round2 = (value: number): number => Math.round(value * 100) / 100

function blocks(d: Output, rows: readonly GpuTime[], now: Date): Block[] {
  if (d.lines.length === 0) return []
  const key = GROUPS[d.groupBy as Group]
  return [
    {
      type: 'cost',
      title: `Cost by ${d.groupBy}`,
      at: now.toISOString(),
      source: 'reservations and price labels of nodes',
      href: '/workloads',
      demo: rows.some((r) => r.demo),
      period: d.period,
      basis: 'list-price',
      rows: d.lines.slice(0, 60).map((l) => ({
        label: l.label,
        href: d.groupBy === 'workload' ? `/workloads/${l.label}` : d.groupBy === 'node' ? `/nodes/${l.label}` : null,
        gpuHours: l.gpuHours,
        microUsd: l.usd === null ? null : Math.round(l.usd * 1e6),
        arithmetic: arithmetic(rows.filter((r) => r[key] === l.label)),
      })),
      totalMicroUsd: d.usd === null ? null : Math.round(d.usd * 1e6),
      notes: d.notKnown.slice(0, 6),
    },
  ]
}

/** "12.5 h × $1.80 + 4 h × $2.90": GPU-hours per price. */
function arithmetic(rows: readonly GpuTime[]): string | null {
  const prices = [...new Set(rows.map((r) => r.priceMicroUsd))]
  if (prices.includes(null)) return null
  const parts = prices.slice(0, 4).map((price) => {
    const hours = round2(rows.filter((r) => r.priceMicroUsd === price).reduce((sum, r) => sum + r.gpuHours, 0))
    return `${hours} GPU-h × ${usd(price ?? 0)}`
  })
  return prices.length > 4 ? null : parts.join(' + ')
}
