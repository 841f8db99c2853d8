import { PRICE_LABEL, priceMicroUsd, usd } from '@clawbernetes/domain/market/price'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { PlannedStep } from '@clawbernetes/protocol/plans/steps'
import { slugText } from '@clawbernetes/protocol/text'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { type Preview, type ToolContext, type Turn, writeTool } from '../../src/registry/define-tool'
import { count, OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { slugsSlot } from '../../src/registry/slots'
import { type Chosen, chooseWorkloads, chosenArgs } from './choose-workloads'

const input = z.object({
  workload: slugsSlot.optional(),
  kind: z.string().max(40).optional(),
  node: slugText.optional(),
  scope: z.string().max(40).optional(),
})

/** Added to the workload's own grace for the last checkpoint, before the wait is given up. */
const STOP_MARGIN_MS = 60_000
/** Each takes two steps, and a card that lists more is not read. */
const MOST = 50

export const stopWorkload = writeTool({
  kind: 'write',
  name: 'stop_workload',
  skill: 'workload-manager',
  version: 1,
  title: 'Planned a stop',
  description:
    'Stop a running workload, or all of a node or kind: each gets its grace period, then its GPUs are freed. Checkpoints and logs stay.',
  input,
  risk: 'high',
  authorize: OPERATOR,
  steps: ['stop-workload', 'await-stopped'],
  verify: 'No process of it is left on any node and its GPUs are free.',
  undo: { none: 'What it holds in memory is lost; it can be resumed from its last checkpoint.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const live = await liveWorkloads({ ctx, input: {} })
  const chosen = chooseWorkloads(live, args, { focus: turn.focus.workload, text: turn.text }, 'stop')
  if ('question' in chosen) return { ok: false, question: chosen.question }
  const { workloads } = chosen
  const [first] = workloads
  if (!first || workloads.length > MOST)
    return {
      ok: false,
      say: `That is ${count(workloads.length, 'workload')}. I stop at most ${MOST} with one plan.`,
      blocks: [],
      options: [],
    }
  const one = workloads.length === 1
  return {
    ok: true,
    demo: workloads.every((w) => w.demo),
    content: content(chosen, args, turn, ctx.now()),
    say: one
      ? `I can stop ${first.name} (${first.status}, ${gpuWords(first)}). It ends what it holds in memory; type its name on the card to approve.`
      : `I can stop ${count(workloads.length, 'workload')}: ${workloads.map((w) => w.name).join(', ')}. Each ends what it holds in memory; type “${chosen.confirmName}” on the card to approve.`,
    focus: one ? { workload: first.name } : {},
  }
}

function content(chosen: Chosen, args: z.output<typeof input>, turn: Turn, at: Date): PlanContent {
  const { workloads, confirmName } = chosen
  const [only] = workloads
  const title = workloads.length === 1 && only ? `Stop ${only.name}` : `Stop ${count(workloads.length, 'workload')}`
  const graceS = Math.max(...workloads.map((w) => w.spec.stop.graceMs / 1000))
  const nodes = [...new Map(workloads.flatMap((w) => w.nodes).map((n) => [n.id, n])).values()]
  const unsaved = workloads.filter((w) => !w.spec.checkpoint)
  return planCard({
    // Exactly these, by name: what starts meanwhile is not meant.
    tool: { name: 'stop_workload', args: chosenArgs(chosen, args) },
    turn,
    title,
    evidence: workloads.slice(0, 20).map((w) => ({
      text: `${w.name} is ${w.status} with ${gpuWords(w)}`,
      href: `/workloads/${w.name}`,
      at: at.toISOString(),
    })),
    // All are asked first, then each is waited for.
    steps: [...workloads.map(stopStep), ...workloads.map(waitStep)],
    changes: workloads.flatMap((w) => [
      { label: workloads.length === 1 ? 'Status' : w.name, before: w.status, after: 'stopped' },
      ...(workloads.length === 1 ? [{ label: 'GPUs', before: gpuWords(w), after: 'free' }] : []),
    ]),
    commands: workloads
      .flatMap((w) => w.nodes.map((n) => ({ where: n.name, argv: ['kill', `-${w.spec.stop.signal}`, w.name] })))
      .slice(0, 20),
    notDone: ['Records, logs and checkpoints are kept.'],
    facts: workloads.flatMap((w) => [
      { kind: 'workload-live' as const, id: w.id, value: true, text: `${w.name} is wanted` },
      { kind: 'workload-revision' as const, id: w.id, value: w.revision, text: `Revision of ${w.name}` },
    ]),
    affects: {
      workloads: workloads.map((w) => ({ id: w.id, name: w.name, owner: w.owner.name })),
      nodes,
      gpus: workloads.reduce((sum, w) => sum + w.gpus.length, 0),
    },
    cost: hourlyRate(workloads),
    undo: {
      possible: false,
      tool: null,
      text:
        unsaved.length === 0
          ? `Cannot be undone. ${workloads.length === 1 && only?.spec.checkpoint ? `It can be resumed from its last checkpoint in ${only.spec.checkpoint.dir}.` : 'Each can be resumed from its last checkpoint.'}`
          : `Cannot be undone: what ${unsaved
              .slice(0, 4)
              .map((w) => w.name)
              .join(', ')} ${unsaved.length === 1 ? 'holds' : 'hold'} in memory is lost.`,
    },
    risk: 'high',
    riskReason: `Ends ${workloads.length === 1 ? 'a running workload' : `${workloads.length} running workloads`}; what is not saved is lost.`,
    warnings: [...new Set(workloads.map((w) => w.owner.name))].slice(0, 12).map((owner) => {
      const own = workloads.filter((w) => w.owner.name === owner)
      return workloads.length === 1
        ? `It belongs to ${owner}.`
        : `${own
            .map((w) => w.name)
            .join(', ')
            .slice(0, 300)} belong${own.length === 1 ? 's' : ''} to ${owner}.`
    }),
    durationS: graceS,
    confirmName,
  })
}

const stopStep = (w: LiveWorkload): PlannedStep =>
  step(
    'stop-workload',
    { workloadId: w.id },
    {
      title: `Ask ${w.name} to end (${w.spec.stop.signal}, ${w.spec.stop.graceMs / 1000} s of grace)`,
      target: w.name,
      reversible: 'irreversible',
    },
  )

const waitStep = (w: LiveWorkload): PlannedStep =>
  step(
    'await-stopped',
    { workloadId: w.id, timeoutMs: w.spec.stop.graceMs + STOP_MARGIN_MS },
    {
      title: `Wait until nothing of ${w.name} runs and its GPUs are free`,
      target: w.name,
      estimateS: w.spec.stop.graceMs / 1000,
      reversible: 'irreversible',
      note: 'At most the grace period, then it is killed.',
    },
  )

function hourlyRate(workloads: readonly LiveWorkload[]): PlanContent['cost'] {
  let total = 0
  const gpus = workloads.flatMap((w) => w.gpus)
  for (const gpu of gpus) {
    const price = priceMicroUsd(gpu.labels[PRICE_LABEL])
    if (price === null)
      return { perHourMicroUsd: null, oneOffMicroUsd: 0, arithmetic: `unknown: ${gpu.nodeName} has no price` }
    total += price
  }
  return {
    perHourMicroUsd: -total,
    oneOffMicroUsd: 0,
    arithmetic: `frees ${count(gpus.length, 'GPU')}: ${usd(-total)}/h`,
  }
}

const gpuWords = (w: LiveWorkload): string => {
  const nodes = [...new Set(w.gpus.map((g) => g.nodeName))]
  return w.gpus.length === 0 ? 'no GPUs' : `${count(w.gpus.length, 'GPU')} on ${nodes.join(', ')}`
}
