import { hypotheses, type Hypothesis, type IncidentFacts } from '@clawbernetes/domain/diagnosis/incident'
import { logSigns } from '@clawbernetes/domain/diagnosis/log-signs'
import { parsePeriod } from '@clawbernetes/domain/telemetry/period'
import { inert } from '@clawbernetes/protocol/text'
import type { FindingView } from '@clawbernetes/protocol/views/finding'
import type { NodeDetail, NodeEvent } from '@clawbernetes/protocol/views/node'
import type { Ctx } from '@clawbernetes/services/context'
import { listNodeEvents } from '@clawbernetes/services/fleet/list-node-events'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { readNode } from '@clawbernetes/services/fleet/read-node'
import { listPlans } from '@clawbernetes/services/plans/list-plans'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import { readLogs } from '@clawbernetes/services/workloads/read-logs'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { type GpuWindow, readGpuWindow } from '../../src/registry/gpu-window'
import type { ToolContext } from '../../src/registry/define-tool'
import type { InvestigateArgs } from './tools'

const DEFAULT_WINDOW = 'PT2H'
const LOG_LINES = 200
const EVENTS = 100

/** Everything that was read for one incident, before it becomes words. */
export interface Investigation {
  fromMs: number
  nowMs: number
  period: string
  /** null: the incident is about no node that is known. */
  node: NodeDetail | null
  window: Map<string, GpuWindow>
  workload: LiveWorkload | null
  /** Others that were candidates: failed, hung or on the node. */
  candidates: string[]
  events: NodeEvent[]
  plans: PlanListItem[]
  findings: FindingView[]
  lines: { atMs: number; stream: string; level: string | null; text: string }[]
  lastWordMs: number | null
  hypotheses: Hypothesis[]
}

/** Reads what speaks of a node and a workload over a window. Nothing here decides or changes anything. */
export async function investigate(args: InvestigateArgs, { ctx, turn }: ToolContext): Promise<Investigation> {
  const nowMs = ctx.now().getTime()
  const period = parsePeriod(args.since ?? args.when ?? DEFAULT_WINDOW, nowMs) ?? parsePeriod(DEFAULT_WINDOW, nowMs)
  const fromMs = period?.fromMs ?? nowMs
  const live = await liveWorkloads({ ctx, input: { includeEnded: true, limit: 200 } })
  const named = args.workload ?? args.service ?? (args.node ? undefined : turn.focus.workload)
  const nodeName = args.node ?? (named ? undefined : turn.focus.node)
  const { workload, candidates } = chooseWorkload(live, named, nodeName, fromMs)
  const node = await findNode(ctx, nodeName ?? workload?.nodes[0]?.name)
  const [window, events, plans, log] = await Promise.all([
    node ? readGpuWindow(ctx, node.id) : new Map<string, GpuWindow>(),
    node ? listNodeEvents({ ctx, input: { nodeId: node.id, limit: EVENTS } }) : { events: [] },
    listPlans({ ctx, input: { view: 'all', limit: 50 } }),
    workload ? readLogs({ ctx, input: { workloadId: workload.id, limit: LOG_LINES } }) : { lines: [] },
  ])
  const findings = (node?.findings ?? []).filter((f) => concerns(f, workload))
  const lines = log.lines.map(({ atMs, stream, level, text }) => ({ atMs, stream, level, text: inert(text, 500) }))
  const lastWordMs = lines.findLast((l) => l.stream !== 'agent')?.atMs ?? null
  const inWindow = events.events.filter((e) => e.atMs >= fromMs)
  return {
    fromMs,
    nowMs,
    period: period?.label ?? '',
    node,
    window,
    workload,
    candidates,
    events: inWindow,
    plans: plans.filter((p) => Date.parse(p.createdAt) >= fromMs && mentions(p.title, node?.name, workload?.name)),
    findings,
    lines,
    lastWordMs,
    hypotheses: hypotheses(factsOf({ node, workload, findings, inWindow, lines, lastWordMs, nowMs })),
  }
}

/** Named, else the one on the node that is in trouble, else the last that failed. */
function chooseWorkload(
  live: readonly LiveWorkload[],
  name: string | undefined,
  node: string | undefined,
  fromMs: number,
): { workload: LiveWorkload | null; candidates: string[] } {
  if (name) {
    const found = live.find((w) => w.name === name.toLowerCase()) ?? null
    return { workload: found, candidates: found ? [] : live.slice(0, 6).map((w) => w.name) }
  }
  const here = node ? live.filter((w) => w.nodes.some((n) => n.name === node) && !w.finishedAt) : []
  const failed = live.filter((w) => w.status === 'failed' && (w.finishedAt?.getTime() ?? 0) >= fromMs)
  const pool = node ? (here.length > 0 ? here : failed) : failed
  const rank = (w: LiveWorkload) =>
    w.status === 'failed' || w.status === 'degraded' ? 0 : w.kind === 'training' ? 1 : 2
  const sorted = [...pool].sort((a, b) => rank(a) - rank(b))
  return { workload: sorted[0] ?? null, candidates: sorted.slice(1, 7).map((w) => w.name) }
}

async function findNode(ctx: Ctx, name: string | undefined): Promise<NodeDetail | null> {
  if (!name) return null
  const item = (await listNodes({ ctx })).find((n) => n.name === name)
  return item ? readNode({ ctx, input: { nodeId: item.id } }) : null
}

/** Findings of the node itself, and of GPUs that the workload holds; without a workload all of them. */
function concerns(finding: FindingView, workload: LiveWorkload | null): boolean {
  if (!workload || finding.gpuId === null || workload.gpus.length === 0) return true
  return workload.gpus.some((g) => g.id === finding.gpuId)
}

const mentions = (title: string, ...names: (string | undefined)[]): boolean =>
  names.some((name) => name !== undefined && title.includes(name))

function factsOf(i: {
  node: NodeDetail | null
  workload: LiveWorkload | null
  findings: FindingView[]
  inWindow: NodeEvent[]
  lines: Investigation['lines']
  lastWordMs: number | null
  nowMs: number
}): IncidentFacts {
  const memoryMib = i.node?.gpus.find((g) => i.workload?.gpus.some((own) => own.id === g.id))?.memoryMib ?? null
  return {
    node: i.node
      ? {
          name: i.node.name,
          online: i.node.status === 'online',
          statusReason: i.node.statusReason,
          allReadable: i.node.gpus.every((g) => g.readability === 'ok'),
        }
      : null,
    workload: i.workload
      ? {
          name: i.workload.name,
          kind: i.workload.kind,
          status: i.workload.status,
          reason: i.workload.statusReason,
          gradientCheckpointing: i.workload.spec.training?.gradientCheckpointing ?? null,
          lastWordMs: i.lastWordMs,
          gpuGib: memoryMib === null ? null : Math.round(memoryMib / 1024),
        }
      : null,
    findings: i.findings,
    signs: logSigns(i.lines),
    xids: i.inWindow.flatMap((e) => (e.kind === 'xid' && e.code !== null ? [{ code: e.code, atMs: e.atMs }] : [])),
    nowMs: i.nowMs,
  }
}
