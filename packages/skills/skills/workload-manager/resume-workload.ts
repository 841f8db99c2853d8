import { place, type Placement } from '@clawbernetes/domain/placement/place'
import { changeFlags } from '@clawbernetes/domain/workloads/change-flags'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { stepEstimates } from '@clawbernetes/services/plans/step-estimates'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { lastSteps } from '../../src/moves/last-steps'
import { considerBlock } from '../../src/registry/consider-block'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { count, OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { freePlaceFacts } from '../../src/registry/place-facts'
import { costOfPlaces } from '../../src/registry/price'
import { nodeSlot, slugSlot } from '../../src/registry/slots'
import { findWorkload } from './find-workload'

const START_TIMEOUT_MS = 15 * 60_000
const OVER = new Set(['stopped', 'failed', 'succeeded'])
/** Words for "wherever it stopped", as planners hand them over. */
const NEWEST = new Set(['last_checkpoint', 'latest', 'newest', 'last', 'checkpoint'])

const input = z.object({
  workload: slugSlot.optional(),
  from: z.string().max(400).optional().describe('"last_checkpoint", or the path of a checkpoint'),
  node: nodeSlot.optional(),
})
type Args = z.output<typeof input>

export const resumeWorkload = writeTool({
  kind: 'write',
  name: 'resume_workload',
  skill: 'workload-manager',
  version: 1,
  title: 'Planned to resume',
  description: 'Start a stopped or failed workload again under its name; training goes on from its newest checkpoint.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: ['revive-workload', 'start-replicas', 'await-running'],
  verify: 'Every replica runs on the GPUs of the card.',
  undo: { tool: 'stop_workload', words: 'Stop it again.' },
  preview,
})

async function preview(args: Args, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  const all = await liveWorkloads({ ctx, input: { includeEnded: true, limit: 300 } })
  const name = args.workload ?? turn.focus.workload
  const running = all.find((w) => w.name === name && !OVER.has(w.status))
  if (running)
    return {
      ok: false,
      say: `${running.name} is ${running.status}: there is nothing to resume.`,
      blocks: [],
      options: [],
    }
  const found = findWorkload(
    all.filter((w) => OVER.has(w.status)),
    name,
    'resume',
  )
  if ('question' in found) return { ok: false, question: found.question }
  const { workload } = found
  const snapshot = await readFleet({ ctx })
  const spec = fromCheckpoint(workload.spec, args.from)
  if (spec === 'unknown')
    return {
      ok: false,
      question: {
        ask: `Which checkpoint of ${workload.name}? Name its path, or say “the last one”.`,
        slot: 'from',
        options: [{ label: 'The last one', send: `resume ${workload.name} from the last checkpoint` }],
        blocks: [],
      },
    }
  const request = placementRequest(spec)
  const placed = place(args.node ? { ...request, nodes: [args.node] } : request, snapshot)
  if (placed.places.length === 0)
    return {
      ok: false,
      say: `I can't resume ${workload.name} now. ${placed.reason}`,
      blocks: [considerBlock(placed.considered, snapshot)],
      options: [],
    }
  const where = [...new Set(placed.places.map((p) => p.nodeName))].join(', ')
  return {
    ok: true,
    demo: workload.demo,
    focus: { workload: workload.name, node: placed.places[0]?.nodeName },
    say: `I can start ${workload.name} again on ${where}, ${fromWords(workload, args.from)}. Approve the plan to do it.`,
    content: await content({ args, workload, spec, placed, snapshot }, tool),
  }
}

/** A named checkpoint becomes a flag that Hugging Face's trainers know; without a name the trainer takes its newest. */
function fromCheckpoint(spec: WorkloadSpec, from: string | undefined): WorkloadSpec | 'unknown' {
  if (from === undefined || NEWEST.has(from.toLowerCase())) return spec
  if (!from.startsWith('/') || from.split('/').includes('..')) return 'unknown'
  return { ...spec, command: changeFlags(spec.command, [`--resume-from-checkpoint=${from}`]) }
}

function fromWords(workload: LiveWorkload, from: string | undefined): string {
  if (!workload.spec.checkpoint) return 'from the beginning: it keeps no checkpoints'
  return from?.startsWith('/') ? `from ${from}` : `from its newest checkpoint in ${workload.spec.checkpoint.dir}`
}

interface Resume {
  args: Args
  workload: LiveWorkload
  spec: WorkloadSpec
  placed: Placement
  snapshot: FleetSnapshot
}

async function content({ args, workload, spec, placed, snapshot }: Resume, { ctx, turn }: ToolContext) {
  const [estimates, at] = await Promise.all([stepEstimates({ ctx }), lastSteps(ctx, [workload])])
  const { places } = placed
  const gpus = places.reduce((sum, p) => sum + p.gpuIds.length, 0)
  const where = [...new Set(places.map((p) => p.nodeName))].join(', ')
  const changed = spec !== workload.spec
  const reached = at.get(workload.id)
  return planCard({
    tool: { name: 'resume_workload', args: { ...args, workload: workload.name } },
    turn,
    title: `Resume ${workload.name} on ${where}`,
    evidence: [
      {
        text: `${workload.name} is ${workload.status}${workload.statusReason ? `: ${workload.statusReason}` : ''}`.slice(
          0,
          300,
        ),
        href: `/workloads/${workload.name}`,
        at: snapshot.at,
      },
      { text: placed.reason.slice(0, 300), href: null, at: snapshot.at },
    ],
    steps: [
      step(
        'revive-workload',
        { workloadId: workload.id, name: workload.name, spec: changed ? spec : null, places },
        {
          title: `Claim ${count(gpus, 'GPU')} on ${where}`,
          target: workload.name,
          estimateS: estimates['revive-workload'],
        },
      ),
      step(
        'start-replicas',
        { workloadId: workload.id, places },
        { title: `Start ${workload.name}`, target: workload.name, estimateS: estimates['start-replicas'] },
      ),
      step(
        'await-running',
        { workloadId: workload.id, timeoutMs: START_TIMEOUT_MS },
        { title: 'Wait until it runs', target: workload.name, estimateS: estimates['await-running'] },
      ),
    ],
    changes: [
      { label: 'Status', before: workload.status, after: 'running' },
      { label: 'GPUs', before: 'none', after: `${count(gpus, 'GPU')} on ${where}` },
      {
        label: 'Goes on from',
        before: reached === undefined ? '—' : `it had reached step ${reached.toLocaleString('en')}`,
        after: fromWords(workload, args.from),
      },
    ],
    commands: places.map((p) => ({ where: p.nodeName, argv: spec.command })).slice(0, 20),
    facts: [
      { kind: 'workload-revision', id: workload.id, value: workload.revision, text: `Revision of ${workload.name}` },
      ...freePlaceFacts(places, snapshot),
    ],
    affects: {
      workloads: [{ id: workload.id, name: workload.name, owner: workload.owner.name }],
      nodes: [...new Map(places.map((p) => [p.nodeId, { id: p.nodeId, name: p.nodeName }])).values()],
      gpus,
    },
    cost: { ...costOfPlaces(places, snapshot), oneOffMicroUsd: 0 },
    undo: {
      possible: true,
      text: `Stop ${workload.name} again: its GPUs are free, its checkpoints stay.`,
      tool: { name: 'stop_workload', args: { workload: workload.name } },
    },
    risk: 'medium',
    riskReason: `Takes ${count(gpus, 'free GPU')}; nothing that runs is touched.`,
    warnings:
      workload.spec.checkpoint && !workload.nodes.some((n) => places.some((p) => p.nodeId === n.id))
        ? [`Its checkpoints are in ${workload.spec.checkpoint.dir}: ${where} must see that folder, or it starts anew.`]
        : [],
  })
}
