import { slugText } from '@clawbernetes/protocol/text'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { listNodes as readNodes } from '@clawbernetes/services/fleet/list-nodes'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

const input = z.object({
  nodes: z.union([z.array(slugText).max(100), slugText, z.literal('all')]).optional(),
  min_gpus: z.coerce.number().int().optional(),
  compare: z.union([z.boolean(), z.array(z.string())]).optional(),
})
const output = z.object({
  total: z.number(),
  online: z.number(),
  degraded: z.number(),
  offline: z.number(),
  cordoned: z.number(),
  shown: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      cordoned: z.boolean(),
      gpus: z.array(z.object({ model: z.string(), count: z.number() })),
      gpusFree: z.number(),
      utilPct: z.number().nullable(),
    }),
  ),
})
type Output = z.output<typeof output>

export const listNodes = readTool({
  kind: 'read',
  name: 'list_nodes',
  skill: 'gpu-cluster',
  version: 1,
  title: 'Checked nodes',
  description: 'Nodes with state, GPUs, utilisation, memory and workloads; compares named ones.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const all = await readNodes({ ctx })
  const named =
    args.nodes === undefined || args.nodes === 'all' ? null : Array.isArray(args.nodes) ? args.nodes : [args.nodes]
  const shown = all.filter(
    (n) => (!named || named.includes(n.name)) && (args.min_gpus === undefined || n.gpusTotal >= args.min_gpus),
  )
  const data: Output = {
    total: all.length,
    online: all.filter((n) => n.status === 'online').length,
    degraded: all.filter((n) => n.status === 'online' && n.openFindings > 0).length,
    offline: all.filter((n) => n.status === 'offline' || n.status === 'lost').length,
    cordoned: all.filter((n) => n.cordon !== null).length,
    shown: shown.map((n) => ({
      name: n.name,
      status: n.status,
      cordoned: n.cordon !== null,
      gpus: n.gpuModels,
      gpusFree: n.gpusFree,
      utilPct: n.utilPct,
    })),
  }
  return {
    data,
    say: sentence(data, shown, named),
    blocks: shown.length > 0 ? [table(shown, ctx.now())] : [],
    focus: shown.length === 1 ? { node: shown[0]?.name } : undefined,
  }
}

function sentence(d: Output, shown: NodeListItem[], named: string[] | null): string {
  if (d.total === 0) return 'There are no nodes yet. Connect one in Settings, Nodes.'
  if (named) {
    const missing = named.filter((n) => !shown.some((s) => s.name === n))
    const lines = shown.map(
      (n) =>
        `${n.name}: ${n.gpuModels.map((m) => `${m.count} × ${m.model}`).join(', ') || 'no GPUs'}, ${n.gpusFree} free, ${n.status}${n.cordon ? ', cordoned' : ''}`,
    )
    return [...lines, ...missing.map((m) => `I see no ${m}`)].join('. ').concat('.')
  }
  const notes = [
    d.degraded > 0 ? `${d.degraded} degraded` : '',
    d.offline > 0 ? `${d.offline} offline` : '',
    d.cordoned > 0 ? `${d.cordoned} cordoned` : '',
  ].filter(Boolean)
  const free = shown.filter((n) => n.gpusFree > 0)
  return `${d.total} node${d.total === 1 ? '' : 's'}, ${d.online} online${notes.length > 0 ? `, ${notes.join(', ')}` : ''}. ${
    free.length === 0
      ? 'None has a free GPU.'
      : `${free.length} ha${free.length === 1 ? 's' : 've'} free GPUs: ${free
          .slice(0, 6)
          .map((n) => `${n.name} (${n.gpusFree})`)
          .join(', ')}.`
  }`
}

function table(nodes: NodeListItem[], now: Date): Block {
  return {
    type: 'table',
    title: 'Nodes',
    at: now.toISOString(),
    source: 'node records and last samples',
    href: '/fleet?view=table',
    demo: nodes.some((n) => n.demo),
    columns: [
      { key: 'name', label: 'Name', align: 'left', unit: null },
      { key: 'state', label: 'State', align: 'left', unit: null },
      { key: 'gpus', label: 'GPUs', align: 'left', unit: null },
      { key: 'free', label: 'Free', align: 'right', unit: null },
      { key: 'util', label: 'Util', align: 'right', unit: '%' },
      { key: 'temp', label: 'Max temp', align: 'right', unit: '°C' },
      { key: 'ram', label: 'RAM', align: 'right', unit: 'GiB' },
      { key: 'workloads', label: 'Workloads', align: 'left', unit: null },
    ],
    rows: nodes.slice(0, 50).map((n) => ({
      href: `/nodes/${n.name}`,
      tone:
        n.status !== 'online'
          ? 'muted'
          : n.condition === 'critical'
            ? 'critical'
            : n.condition === 'degraded'
              ? 'warn'
              : null,
      cells: {
        name: n.name,
        state: n.cordon ? `${n.status}, cordoned` : n.openFindings > 0 && n.status === 'online' ? 'degraded' : n.status,
        gpus: n.gpuModels.map((m) => `${m.count} × ${m.model}`).join(', ') || 'none',
        free: n.gpusFree,
        util: n.utilPct === null ? null : Math.round(n.utilPct),
        temp: n.maxTempC === null ? null : Math.round(n.maxTempC),
        ram: Math.round(n.memoryMib / 1024),
        workloads: n.workloads.map((w) => w.name).join(', ') || null,
      },
    })),
    more: Math.max(0, nodes.length - 50),
  }
}
