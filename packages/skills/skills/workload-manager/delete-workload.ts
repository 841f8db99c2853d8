import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { type Preview, type ToolContext, type Turn, writeTool } from '../../src/registry/define-tool'
import { count, OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { slugSlot, wordSlot } from '../../src/registry/slots'
import { type Chosen, chooseWorkloads, chosenArgs } from './choose-workloads'

const OVER = new Set(['stopped', 'failed', 'succeeded'])
const STOP_MARGIN_MS = 60_000
const MOST = 50

const input = z.object({
  workload: slugSlot.optional(),
  scope: wordSlot.optional().describe('all, finished, failed or stopped'),
})

export const deleteWorkload = writeTool({
  kind: 'write',
  name: 'delete_workload',
  skill: 'workload-manager',
  version: 1,
  title: 'Planned a deletion',
  description:
    'Take a workload off every list, after stopping it if it runs. Its name is free again; files on nodes stay.',
  input,
  risk: 'high',
  authorize: OPERATOR,
  steps: ['stop-workload', 'await-stopped', 'delete-workload'],
  verify: 'Nothing of it runs and it is on no list.',
  undo: { none: 'A deleted workload does not come back; its files stay where it wrote them.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const all = await liveWorkloads({ ctx, input: { includeEnded: true, limit: 500 } })
  const chosen = chooseWorkloads(all, args, { focus: turn.focus.workload, text: turn.text }, 'delete')
  if ('question' in chosen) return { ok: false, question: chosen.question }
  const { workloads } = chosen
  if (workloads.length > MOST)
    return {
      ok: false,
      say: `That is ${count(workloads.length, 'workload')}. I delete at most ${MOST} with one plan.`,
      blocks: [],
      options: [],
    }
  const names = workloads.map((w) => w.name).join(', ')
  const running = workloads.filter((w) => !OVER.has(w.status))
  return {
    ok: true,
    demo: workloads.every((w) => w.demo),
    content: content(chosen, args, turn, ctx.now()),
    say: `I can delete ${names}${running.length > 0 ? `, after stopping ${running.map((w) => w.name).join(', ')}` : ''}. This cannot be undone; type “${chosen.confirmName}” on the card to approve.`,
    focus: {},
  }
}

function content(chosen: Chosen, args: z.output<typeof input>, turn: Turn, at: Date): PlanContent {
  const { workloads, confirmName } = chosen
  const running = workloads.filter((w) => !OVER.has(w.status))
  const [only] = workloads
  const single = workloads.length === 1 && only ? only : undefined
  return planCard({
    tool: { name: 'delete_workload', args: chosenArgs(chosen, args) },
    turn,
    title: single ? `Delete ${single.name}` : `Delete ${count(workloads.length, 'workload')}`,
    evidence: workloads
      .slice(0, 20)
      .map((w) => ({ text: `${w.name} is ${w.status}`, href: `/workloads/${w.name}`, at: at.toISOString() })),
    steps: [...running.flatMap(stopFirst), ...workloads.map(deletion)],
    changes: workloads.map((w) => ({ label: w.name, before: w.status, after: 'deleted' })),
    notDone: ['Checkpoints and other files stay on the nodes. The audit log keeps what was done.'],
    facts: workloads.map((w) => ({
      kind: 'workload-revision' as const,
      id: w.id,
      value: w.revision,
      text: `Revision of ${w.name}`,
    })),
    affects: {
      workloads: workloads.map((w) => ({ id: w.id, name: w.name, owner: w.owner.name })),
      nodes: [...new Map(running.flatMap((w) => w.nodes).map((n) => [n.id, n])).values()],
      gpus: running.reduce((sum, w) => sum + w.gpus.length, 0),
    },
    undo: {
      possible: false,
      text: 'Cannot be undone: it is gone from every list, and its name is free for others.',
      tool: null,
    },
    risk: 'high',
    riskReason:
      running.length > 0
        ? `${count(running.length, 'workload')} still run and end first.`
        : 'Records leave every list for good.',
    warnings: [...new Set(workloads.map((w) => w.owner.name))].slice(0, 12).map((owner) => `Belongs to ${owner}.`),
    confirmName,
  })
}

const stopFirst = (w: LiveWorkload) => [
  step(
    'stop-workload',
    { workloadId: w.id },
    { title: `Ask ${w.name} to end`, target: w.name, reversible: 'irreversible' },
  ),
  step(
    'await-stopped',
    { workloadId: w.id, timeoutMs: w.spec.stop.graceMs + STOP_MARGIN_MS },
    { title: `Wait until nothing of ${w.name} runs`, target: w.name, reversible: 'irreversible' },
  ),
]

const deletion = (w: LiveWorkload) =>
  step(
    'delete-workload',
    { workloadId: w.id, name: w.name },
    { title: `Take ${w.name} off every list`, target: w.name, reversible: 'irreversible' },
  )
