import { slugText } from '@clawbernetes/protocol/text'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { toldByNodes } from '../../src/registry/outside-text'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { ownedBy } from './owned-by'

const row = z.object({
  name: z.string(),
  kind: z.string(),
  status: z.string(),
  gpus: z.number(),
  nodes: z.array(z.string()),
  owner: z.string(),
  reason: z.string().nullable(),
})
const output = z.object({ running: z.number(), pending: z.number(), failed: z.number(), workloads: z.array(row) })
type Output = z.output<typeof output>

const input = z.object({
  status: z.string().max(40).optional(),
  node: slugText.optional(),
  workload: slugText.optional(),
  sort: z.string().max(40).optional(),
  explain: z.boolean().optional(),
})

export const listWorkloads = readTool({
  kind: 'read',
  name: 'list_workloads',
  skill: 'workload-manager',
  version: 1,
  title: 'Listed workloads',
  description: 'What runs, waits or failed, with GPUs, nodes, owners and why it waits.',
  input,
  output,
  run,
})

const RUNNING = new Set(['running', 'starting', 'placed', 'degraded', 'stopping'])

async function run(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<ToolResult<Output>> {
  const wantsEnded = args.status === 'failed' || args.status === 'finished' || args.status === 'all'
  const all = await liveWorkloads({ ctx, input: { includeEnded: true } })
  const { workloads: theirs, owners } = ownedBy(all, turn.text)
  const named = theirs.filter((w) => w.name === args.workload)
  // One that is named is what was asked about, whatever state it is in.
  const shown = named.length > 0 ? named : theirs.filter((w) => matches(w, args, wantsEnded))
  if (args.sort === 'gpus') shown.sort((a, b) => b.gpus.length - a.gpus.length)
  const count = (status: string) =>
    all.filter((w) => (status === 'running' ? RUNNING.has(w.status) : w.status === status)).length
  const data: Output = {
    running: count('running'),
    pending: count('pending'),
    failed: count('failed'),
    workloads: shown.map((w) => ({
      name: w.name,
      kind: w.kind,
      status: w.status,
      gpus: w.gpus.length,
      nodes: w.nodes.map((n) => n.name),
      owner: w.owner.name,
      reason: w.statusReason,
    })),
  }
  return {
    data,
    say: named[0] ? oneSentence(named[0]) : sentence(data, args, shown, owners),
    blocks: blocks(shown, ctx.now(), args),
    ...toldByNodes(shown),
  }
}

function matches(w: LiveWorkload, args: z.output<typeof input>, wantsEnded: boolean): boolean {
  if (args.node && !w.nodes.some((n) => n.name === args.node)) return false
  if (args.status === 'pending' || args.status === 'queued') return w.status === 'pending'
  if (args.status === 'failed') return w.status === 'failed'
  if (args.status === 'running') return RUNNING.has(w.status)
  return wantsEnded || RUNNING.has(w.status) || w.status === 'pending'
}

function sentence(d: Output, args: z.output<typeof input>, shown: LiveWorkload[], owners: string[]): string {
  const whose = owners.length > 0 ? ` of ${owners.join(' and ')}` : ''
  const where = `${whose}${args.node ? ` on ${args.node}` : ''}`
  if (shown.length === 0)
    return args.status === 'pending'
      ? 'Nothing is waiting.'
      : args.status === 'failed'
        ? 'Nothing has failed.'
        : `Nothing runs${where}.`
  const waiting = shown.filter((w) => w.status === 'pending')
  const head =
    args.node || args.status || whose
      ? `${shown.length} workload${shown.length === 1 ? '' : 's'}${args.status ? ` ${args.status}` : ''}${where}.`
      : `${d.running} running, ${d.pending} pending.`
  const why = waiting.slice(0, 3).map((w) => `${w.name} waits: ${lower(w.statusReason ?? 'it was not placed yet')}`)
  return [head, ...why].join(' ')
}

/** "pretrain-13b waits: no node has room …", "train-a runs on node-01". */
function oneSentence(w: LiveWorkload): string {
  const where = w.nodes.length > 0 ? ` on ${w.nodes.map((n) => n.name).join(', ')}` : ''
  if (w.status === 'pending') return `${w.name} waits: ${lower(w.statusReason ?? 'it was not placed yet')}`
  return `${w.name} is ${w.status}${where}${w.statusReason ? `: ${lower(w.statusReason)}` : ''}.`.replace(/\.\.$/, '.')
}

function blocks(shown: LiveWorkload[], now: Date, args: z.output<typeof input>): Block[] {
  if (shown.length === 0) return []
  const tone = (s: string) =>
    s === 'failed' ? 'critical' : s === 'pending' || s === 'degraded' ? 'warn' : s === 'running' ? 'ok' : 'muted'
  return [
    {
      type: 'table',
      title: args.node ? `Workloads on ${args.node}` : 'Workloads',
      at: now.toISOString(),
      source: 'workload records',
      href: `/workloads${args.status ? `?status=${args.status}` : ''}`,
      demo: shown.some((w) => w.demo),
      columns: [
        { key: 'name', label: 'Name', align: 'left', unit: null },
        { key: 'kind', label: 'Kind', align: 'left', unit: null },
        { key: 'status', label: 'Status', align: 'left', unit: null },
        { key: 'gpus', label: 'GPUs', align: 'right', unit: null },
        { key: 'nodes', label: 'Node', align: 'left', unit: null },
        { key: 'owner', label: 'Owner', align: 'left', unit: null },
        { key: 'why', label: 'Why', align: 'left', unit: null },
      ],
      rows: shown.slice(0, 50).map((w) => ({
        href: `/workloads/${w.name}`,
        tone: tone(w.status),
        cells: {
          name: w.name,
          kind: w.kind,
          status: w.status,
          gpus:
            w.gpus.length > 0
              ? w.gpus.length
              : w.status === 'pending'
                ? `needs ${w.spec.gpusPerReplica * w.spec.replicas}`
                : 0,
          nodes: w.nodes.map((n) => n.name).join(', ') || null,
          owner: w.owner.name,
          why: w.status === 'running' ? null : w.statusReason,
        },
      })),
      more: Math.max(0, shown.length - 50),
    },
  ]
}

const lower = (s: string) => s.charAt(0).toLowerCase() + s.slice(1)
