import { atWords } from '@clawbernetes/domain/at-words'
import { slugText } from '@clawbernetes/protocol/text'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import { readMetrics } from '@clawbernetes/services/workloads/read-metrics'
import * as z from 'zod'
import { toldByNodes } from '../../src/registry/outside-text'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { askBlock, findWorkload } from './find-workload'

const output = z.object({
  found: z.boolean(),
  name: z.string().nullable(),
  status: z.string().nullable(),
  gpus: z.number(),
  nodes: z.array(z.string()),
  step: z.number().nullable(),
  metrics: z.record(z.string(), z.number()),
})
type Output = z.output<typeof output>
const input = z.object({
  workload: slugText.optional(),
  service: slugText.optional(),
  metric: z.string().max(40).optional(),
})

export const workloadStatus = readTool({
  kind: 'read',
  name: 'workload_status',
  skill: 'workload-manager',
  version: 1,
  title: 'Checked the workload',
  description: 'How one workload is doing: status, GPUs, last step and loss, curve of what it reports.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<ToolResult<Output>> {
  const all = await liveWorkloads({ ctx, input: { includeEnded: true, limit: 200 } })
  const name = args.workload ?? args.service ?? turn.focus.workload
  const pool = name ? all : all.filter((w) => w.status === 'running' || w.status === 'pending')
  const found = findWorkload(pool, name, 'see the status of')
  if ('question' in found)
    return {
      data: { found: false, name: null, status: null, gpus: 0, nodes: [], step: null, metrics: {} },
      say: found.question.ask,
      blocks: [askBlock(found.question)],
    }
  const w = found.workload
  const series =
    w.kind === 'training'
      ? await readMetrics({ ctx, input: { workloadId: w.id, names: ['loss', 'tokens_per_s'] } })
      : null
  const metrics: Record<string, number> = {}
  let step: number | null = null
  for (const curve of series?.curves ?? []) {
    metrics[curve.name] = curve.last.value
    step = Math.max(step ?? 0, curve.last.step)
  }
  const data: Output = {
    found: true,
    name: w.name,
    status: w.status,
    gpus: w.gpus.length,
    nodes: w.nodes.map((n) => n.name),
    step,
    metrics,
  }
  return {
    data,
    say: sentence(w, data),
    blocks: [card(w, data, ctx.now())],
    focus: { workload: w.name, node: w.nodes[0]?.name },
    ...toldByNodes([w]),
  }
}

function sentence(w: LiveWorkload, d: Output): string {
  const where = d.nodes.length > 0 ? ` on ${d.nodes.join(', ')} with ${d.gpus} GPU${d.gpus === 1 ? '' : 's'}` : ''
  const why = w.statusReason && w.status !== 'running' ? ` ${w.statusReason}` : ''
  const loss = d.metrics.loss
  const training =
    d.step !== null && loss !== undefined
      ? ` Step ${d.step.toLocaleString('en')}, loss ${loss.toFixed(4)}.`
      : w.kind === 'training' && w.status === 'running'
        ? ' It has not reported a step yet.'
        : ''
  return `${w.name} is ${w.status}${where}.${why}${training}`
}

function card(w: LiveWorkload, d: Output, now: Date): Block {
  const facts = [
    { label: 'Kind', value: w.kind },
    { label: 'Owner', value: w.owner.name },
    { label: 'GPUs', value: d.gpus === 0 ? 'none' : `${d.gpus} on ${d.nodes.join(', ')}` },
    { label: 'Started', value: w.startedAt ? atWords(w.startedAt) : '—' },
  ]
  if (d.step !== null) facts.push({ label: 'Step', value: d.step.toLocaleString('en') })
  for (const [name, value] of Object.entries(d.metrics))
    facts.push({ label: name, value: Number.isInteger(value) ? value.toLocaleString('en') : value.toPrecision(4) })
  return {
    type: 'workload',
    title: w.name,
    at: now.toISOString(),
    source: 'workload records and its own log',
    href: `/workloads/${w.name}`,
    demo: w.demo,
    workloadId: w.id,
    name: w.name,
    status: w.status,
    facts,
  }
}
