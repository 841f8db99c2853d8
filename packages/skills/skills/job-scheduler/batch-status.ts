import type { Block } from '@clawbernetes/protocol/views/blocks'
import { inert } from '@clawbernetes/protocol/text'
import type { ReplicaView, WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import { readWorkload } from '@clawbernetes/services/workloads/read-workload'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { nameSlot, whenSlot, wordSlot } from '../../src/registry/slots'

const row = z.object({
  node: z.string(),
  state: z.enum(['done', 'failed', 'running', 'waiting', 'stopped', 'unknown']),
  seconds: z.number().nullable(),
  reason: z.string().nullable(),
})
const output = z.object({
  batch: z.string().nullable(),
  status: z.string().nullable(),
  nodes: z.number(),
  done: z.number(),
  failed: z.number(),
  running: z.number(),
  rows: z.array(row),
  others: z.array(z.string()),
})
type Output = z.output<typeof output>
const input = z.object({
  batch: nameSlot.optional(),
  job: nameSlot.optional(),
  filter: wordSlot.optional(),
  when: whenSlot.optional(),
})

export const batchStatus = readTool({
  kind: 'read',
  name: 'batch_status',
  skill: 'job-scheduler',
  version: 1,
  title: 'Checked the batch',
  description: 'How a job that runs on several nodes is doing, node by node, with times and reasons of failure.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<ToolResult<Output>> {
  const all = (await liveWorkloads({ ctx, input: { includeEnded: true, limit: 200 } })).filter(
    (w) => w.kind === 'batch' || w.kind === 'job',
  )
  const name = args.batch ?? args.job ?? turn.focus.workload
  const found = name ? all.find((w) => w.name === name.toLowerCase()) : undefined
  const chosen = found ?? (args.batch || args.job ? undefined : all[0])
  const others = all.filter((w) => w !== chosen).map((w) => w.name)
  if (!chosen) {
    const data: Output = { batch: null, status: null, nodes: 0, done: 0, failed: 0, running: 0, rows: [], others }
    return {
      data,
      say:
        all.length === 0
          ? 'No job has run on nodes yet.'
          : `I see no job named ${inert(name ?? '', 60)}. The last ones are ${others.slice(0, 5).join(', ')}.`,
      blocks: [],
    }
  }
  const detail = await readWorkload({ ctx, input: { workload: chosen.id } })
  const rows = latestPerOrdinal(detail.replicas).map((r) => rowOf(r, ctx.now()))
  const shown = args.filter ? rows.filter((r) => matches(r.state, args.filter ?? '')) : rows
  const count = (state: string) => rows.filter((r) => r.state === state).length
  const data: Output = {
    batch: detail.name,
    status: detail.status,
    nodes: rows.length,
    done: count('done'),
    failed: count('failed'),
    running: count('running'),
    rows: shown,
    others,
  }
  return {
    data,
    say: sentence(data),
    blocks: shown.length === 0 ? [] : [table(data, detail, ctx.now())],
    focus: { workload: detail.name },
    ...(shown.some((r) => r.reason !== null) ? { untrusted: `what nodes said of ${detail.name}` } : {}),
  }
}

function sentence(d: Output): string {
  const failed = d.rows.filter((r) => r.state === 'failed').slice(0, 3)
  const why = failed.map((r) => ` ${r.node} failed${r.reason ? `: ${r.reason}` : ''}.`).join('')
  const open = d.running > 0 ? `, ${d.running} still running` : ''
  return `${d.batch} is ${d.status}: ${d.done} of ${d.nodes} node${d.nodes === 1 ? '' : 's'} done${d.failed > 0 ? `, ${d.failed} failed` : ''}${open}.${why}`
}

/** Of each place the newest attempt: an earlier one that was repeated no longer counts. */
function latestPerOrdinal(replicas: readonly ReplicaView[]): ReplicaView[] {
  const newest = new Map<number, ReplicaView>()
  for (const r of replicas) {
    const known = newest.get(r.ordinal)
    if (!known || r.attempt > known.attempt) newest.set(r.ordinal, r)
  }
  return [...newest.values()].sort((a, b) => a.ordinal - b.ordinal)
}

function rowOf(r: ReplicaView, now: Date): Output['rows'][number] {
  const state = stateOf(r)
  const from = r.startedAt ? Date.parse(r.startedAt) : null
  const to = r.finishedAt ? Date.parse(r.finishedAt) : state === 'running' ? now.getTime() : null
  const reason =
    state === 'failed'
      ? r.oomKilled
        ? 'out of memory'
        : r.reason
          ? inert(r.reason.message, 160)
          : r.exitCode === null
            ? null
            : `exit code ${r.exitCode}`
      : null
  return {
    node: r.node.name,
    state,
    seconds: from !== null && to !== null ? Math.max(0, Math.round((to - from) / 1000)) : null,
    reason,
  }
}

function stateOf(r: ReplicaView): Output['rows'][number]['state'] {
  if (r.exitCode === 0) return 'done'
  if (r.phase === 'lost') return 'unknown'
  if (r.oomKilled || (r.exitCode !== null && r.exitCode !== 0)) return r.desired === 'stop' ? 'stopped' : 'failed'
  if (r.startedAt && !r.finishedAt) return 'running'
  if (r.finishedAt) return r.desired === 'stop' ? 'stopped' : 'failed'
  return 'waiting'
}

const matches = (state: string, filter: string): boolean =>
  filter.startsWith('fail')
    ? state === 'failed'
    : filter.startsWith('run')
      ? state === 'running'
      : filter.startsWith('fin') || filter.startsWith('done')
        ? state === 'done'
        : true

function table(d: Output, w: WorkloadDetail, now: Date): Block {
  return {
    type: 'table',
    title: d.batch ?? 'Batch',
    at: now.toISOString(),
    source: 'what the nodes reported of their replicas',
    href: `/workloads/${w.name}`,
    demo: w.demo,
    columns: [
      { key: 'node', label: 'Node', align: 'left', unit: null },
      { key: 'state', label: 'State', align: 'left', unit: null },
      { key: 'time', label: 'Time', align: 'right', unit: 's' },
      { key: 'why', label: 'Why', align: 'left', unit: null },
    ],
    rows: d.rows.slice(0, 100).map((r) => ({
      href: `/nodes/${r.node}`,
      tone: r.state === 'failed' ? 'critical' : r.state === 'done' ? 'ok' : null,
      cells: { node: r.node, state: r.state, time: r.seconds, why: r.reason },
    })),
    more: Math.max(0, d.rows.length - 100),
  }
}
