import { atWords } from '@clawbernetes/domain/at-words'
import { parsePeriod } from '@clawbernetes/domain/telemetry/period'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { fleetSummary } from '@clawbernetes/services/fleet/fleet-summary'
import { listFindings } from '@clawbernetes/services/diagnosis/list-findings'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { clip } from '../../src/registry/draft-id'
import { whenSlot } from '../../src/registry/slots'

const LISTED = 3
const output = z.object({
  open: z.number(),
  period: z.string().nullable(),
  raised: z.number(),
  alerts: z.array(
    z.object({
      node: z.string(),
      gpu: z.number().nullable(),
      severity: z.string(),
      title: z.string(),
      since: z.string(),
      open: z.boolean(),
    }),
  ),
})
type Output = z.output<typeof output>

export const listAlerts = readTool({
  kind: 'read',
  name: 'list_alerts',
  skill: 'observability',
  version: 1,
  title: 'Checked alerts',
  description: 'What needs attention now, or what was raised since a moment, also when it has cleared.',
  input: z.object({ since: whenSlot.optional() }),
  output,
  run: async (args, { ctx }: ToolContext): Promise<ToolResult<Output>> => {
    const period = args.since ? parsePeriod(args.since, ctx.now().getTime()) : null
    const summary = await fleetSummary({ ctx })
    const alerts = period
      ? (await listFindings({ ctx, input: { state: 'all' } }))
          .filter((f) => f.severity !== 'info' && f.sinceMs >= period.fromMs && f.sinceMs < period.toMs)
          .map((f) => ({
            node: f.nodeName,
            gpu: f.gpuIndex,
            severity: f.severity as string,
            title: f.title,
            since: atWords(new Date(f.sinceMs)),
            open: f.state === 'open',
          }))
      : summary.attention.map((a) => ({
          node: a.nodeName,
          gpu: a.gpuIndex,
          severity: a.severity as string,
          title: a.title,
          since: atWords(new Date(a.sinceMs)),
          open: true,
        }))
    const data: Output = {
      open: alerts.filter((a) => a.open).length,
      period: period?.label ?? null,
      raised: alerts.length,
      alerts,
    }
    return {
      data,
      say: sentence(data),
      blocks: alerts.length === 0 ? [] : [table(alerts, ctx.now(), summary.nodes.demo > 0)],
    }
  },
})

function sentence(d: Output): string {
  const titles = d.alerts.slice(0, LISTED).map((a) => (a.title.includes(a.node) ? a.title : `${a.title} (${a.node})`))
  if (d.period !== null)
    return d.raised === 0
      ? `Nothing was raised in ${d.period}.`
      : `${d.raised} raised in ${d.period}, ${d.open} of them still open: ${titles.join('; ')}.`
  if (d.open === 0) return 'Nothing needs attention.'
  return `${d.open} thing${d.open === 1 ? ' needs' : 's need'} attention: ${titles.join('; ')}.`
}

function table(alerts: Output['alerts'], now: Date, demo: boolean): Block {
  return {
    type: 'table',
    title: 'Alerts',
    at: now.toISOString(),
    source: 'findings and node records',
    href: '/fleet',
    demo,
    columns: [
      { key: 'where', label: 'Where', align: 'left', unit: null },
      { key: 'what', label: 'What', align: 'left', unit: null },
      { key: 'since', label: 'Since', align: 'left', unit: null },
      { key: 'state', label: 'State', align: 'left', unit: null },
    ],
    rows: alerts.slice(0, 60).map((a) => ({
      href: `/nodes/${a.node}`,
      tone: !a.open ? 'muted' : a.severity === 'critical' ? 'critical' : 'warn',
      cells: {
        where: a.gpu === null ? a.node : `${a.node} GPU ${a.gpu}`,
        what: clip(a.title, 200),
        since: a.since,
        state: a.open ? 'open' : 'cleared',
      },
    })),
    more: Math.max(0, alerts.length - 60),
  }
}
