import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { FleetSummary } from '@clawbernetes/protocol/views/fleet'
import { fleetSummary } from '@clawbernetes/services/fleet/fleet-summary'
import { listNodes as readNodes } from '@clawbernetes/services/fleet/list-nodes'
import { countWorkloads } from '@clawbernetes/services/workloads/count-workloads'
import * as z from 'zod'
import { listNodes } from '../gpu-cluster/list-nodes'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

const healthOutput = z.object({
  nodes: z.number(),
  healthy: z.number(),
  degraded: z.number(),
  gpus: z.number(),
  allocated: z.number(),
  free: z.number(),
  running: z.number(),
  pending: z.number(),
  attention: z.number(),
})

export const healthReport = readTool({
  kind: 'read',
  name: 'health_report',
  skill: 'observability',
  version: 1,
  title: 'Checked the fleet',
  description: 'State of nodes, GPUs and workloads now, and what needs attention.',
  input: z.object({ scope: z.string().max(60).optional(), period: z.string().max(60).optional() }),
  output: healthOutput,
  run: async (args, tool: ToolContext): Promise<ToolResult<z.output<typeof healthOutput>>> => {
    const { ctx } = tool
    const [s, w] = await Promise.all([fleetSummary({ ctx }), countWorkloads({ ctx })])
    const online = s.nodes.byStatus.online ?? 0
    const data = {
      nodes: s.nodes.total,
      healthy: online - s.nodes.degraded,
      degraded: s.nodes.degraded,
      gpus: s.gpus.total,
      allocated: s.gpus.allocated,
      free: s.gpus.free,
      running: w.running,
      pending: w.pending,
      attention: s.attentionTotal,
    }
    if (args.scope && (await isNode(args.scope, tool))) return nodeReport(args.scope, s, data, tool)
    const models = s.gpus.byModel.map((m) => `${m.total} ${m.model}`).join(', ')
    const silent = s.nodes.total - online
    const lines = [
      `${data.nodes} node${data.nodes === 1 ? '' : 's'}: ${data.healthy} healthy, ${data.degraded} degraded${silent > 0 ? `, ${silent} not reporting` : ''}.`,
      `${data.gpus} GPUs (${models}): ${data.allocated} allocated, ${data.free} free.`,
      `Workloads: ${data.running} running, ${data.pending} pending.`,
      ...s.attention.slice(0, 3).map((a) => `${a.title}: ${a.detail}`),
    ]
    return {
      data,
      say: data.nodes === 0 ? 'There are no nodes yet.' : lines.join(' '),
      blocks: data.nodes === 0 ? [] : [summary(s, data, w.failed24h, ctx.now()), ...attention(s, ctx.now())],
    }
  },
})

const isNode = async (name: string, { ctx }: ToolContext): Promise<boolean> =>
  (await readNodes({ ctx })).some((node) => node.name === name)

/** One node: what it has and does, and what is wrong with it. */
async function nodeReport(
  name: string,
  s: FleetSummary,
  data: z.output<typeof healthOutput>,
  tool: ToolContext,
): Promise<ToolResult<z.output<typeof healthOutput>>> {
  const listed = await listNodes.run({ nodes: [name] }, tool)
  const wrong = s.attention.filter((item) => item.nodeName === name)
  const words = wrong.length === 0 ? 'Nothing is wrong with it.' : wrong.map((a) => `${a.title}: ${a.detail}`).join(' ')
  const blocks = [...listed.blocks, ...attention({ ...s, attention: wrong }, tool.ctx.now())]
  return { data: { ...data, attention: wrong.length }, say: `${listed.say} ${words}`, blocks, focus: { node: name } }
}

function summary(s: FleetSummary, d: z.output<typeof healthOutput>, failed: number, now: Date): Block {
  return {
    type: 'fleet-summary',
    title: 'Fleet now',
    at: now.toISOString(),
    source: 'node records and last samples',
    href: '/fleet',
    demo: s.nodes.demo > 0,
    nodes: {
      total: s.nodes.total,
      online: s.nodes.byStatus.online ?? 0,
      degraded: s.nodes.degraded,
      offline: (s.nodes.byStatus.offline ?? 0) + (s.nodes.byStatus.lost ?? 0),
      cordoned: s.nodes.cordoned,
    },
    gpus: {
      total: s.gpus.total,
      allocated: s.gpus.allocated,
      free: s.gpus.free,
      unavailable: Math.max(0, s.gpus.total - s.gpus.allocated - s.gpus.free),
      byModel: s.gpus.byModel.map(({ model, total, free }) => ({ model, total, free })),
    },
    workloads: { running: d.running, pending: d.pending, failed },
  }
}

function attention(s: FleetSummary, now: Date): Block[] {
  if (s.attention.length === 0) return []
  return [
    {
      type: 'reasons',
      title: 'Needs attention',
      at: now.toISOString(),
      source: 'open findings',
      href: '/fleet',
      demo: s.nodes.demo > 0,
      items: s.attention.slice(0, 20).map((a) => ({
        label: a.gpuIndex === null ? a.nodeName : `${a.nodeName} GPU ${a.gpuIndex}`,
        verdict: 'no',
        reason: `${a.title}. ${a.detail}`,
      })),
    },
  ]
}

const alertsOutput = z.object({ open: z.number() })
export const listAlerts = readTool({
  kind: 'read',
  name: 'list_alerts',
  skill: 'observability',
  version: 1,
  title: 'Checked alerts',
  description: 'What needs attention now.',
  input: z.object({ since: z.string().max(60).optional() }),
  output: alertsOutput,
  run: async (_, { ctx }: ToolContext): Promise<ToolResult<z.output<typeof alertsOutput>>> => {
    const s = await fleetSummary({ ctx })
    const say =
      s.attentionTotal === 0
        ? 'Nothing needs attention.'
        : `${s.attentionTotal} thing${s.attentionTotal === 1 ? ' needs' : 's need'} attention: ${s.attention
            .slice(0, 3)
            .map((a) => a.title)
            .join('; ')}.`
    return { data: { open: s.attentionTotal }, say, blocks: attention(s, ctx.now()) }
  },
})

export const tools = [healthReport, listAlerts]
