import { PRICE_LABEL, priceMicroUsd, usd } from '@clawbernetes/domain/market/price'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { slugText } from '@clawbernetes/protocol/text'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { type Preview, type ToolContext, type Turn, writeTool } from '../../src/registry/define-tool'
import { TTL_S } from '../../src/registry/plan-ttl'
import { findWorkload } from './find-workload'

const input = z.object({
  workload: slugText.optional(),
  kind: z.string().max(40).optional(),
  node: slugText.optional(),
  scope: z.string().max(40).optional(),
})

/** Added to the workload's own grace for the last checkpoint, before the wait is given up. */
const STOP_MARGIN_MS = 60_000

export const stopWorkload = writeTool({
  kind: 'write',
  name: 'stop_workload',
  skill: 'workload-manager',
  version: 1,
  title: 'Planned a stop',
  description: 'Stop a running workload: it gets its grace period, then its GPUs are freed. Checkpoints and logs stay.',
  input,
  risk: 'high',
  authorize: { permission: 'propose', words: 'Operators and above' },
  steps: ['stop-workload', 'await-stopped'],
  verify: 'No process of it is left on any node and its GPUs are free.',
  undo: { none: 'What it holds in memory is lost; it can be resumed from its last checkpoint.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const live = (await liveWorkloads({ ctx, input: {} })).filter(
    (w) => !args.node || w.nodes.some((n) => n.name === args.node),
  )
  if (args.scope === 'all' && live.length > 1)
    return {
      ok: false,
      say: `I stop one workload at a time, each with its own plan. ${live.length} are live${args.node ? ` on ${args.node}` : ''}.`,
      blocks: [],
      options: live.slice(0, 6).map((w) => ({ label: `Stop ${w.name}`, send: `stop ${w.name}` })),
    }
  const found = findWorkload(live, args.workload ?? turn.focus.workload, 'stop')
  if ('question' in found) return { ok: false, question: found.question }
  const { workload } = found
  return {
    ok: true,
    demo: workload.demo,
    content: content(workload, turn, ctx.now()),
    say: `I can stop ${workload.name} (${workload.status}, ${gpuWords(workload)}). It ends what it holds in memory; type its name on the card to approve.`,
    focus: { workload: workload.name },
  }
}

function content(w: LiveWorkload, turn: Turn, at: Date): PlanContent {
  const graceS = w.spec.stop.graceMs / 1000
  const nodes = w.nodes
  const rate = hourlyRate(w)
  return {
    tool: { name: 'stop_workload', version: 1, args: { workload: w.name } },
    title: `Stop ${w.name}`,
    why: `Asked for: “${turn.text.slice(0, 200)}”`,
    evidence: [
      { text: `${w.name} is ${w.status} with ${gpuWords(w)}`, href: `/workloads/${w.name}`, at: at.toISOString() },
    ],
    steps: [
      {
        kind: 'stop-workload',
        args: { workloadId: w.id },
        title: `Ask ${w.name} to end (${w.spec.stop.signal}, ${graceS} s of grace)`,
        target: w.name,
        estimateS: null,
        reversible: 'irreversible',
        note: null,
      },
      {
        kind: 'await-stopped',
        args: { workloadId: w.id, timeoutMs: w.spec.stop.graceMs + STOP_MARGIN_MS },
        title: 'Wait until nothing of it runs and its GPUs are free',
        target: w.name,
        estimateS: graceS,
        reversible: 'irreversible',
        note: 'At most the grace period, then it is killed.',
      },
    ],
    changes: [
      { label: 'Status', before: w.status, after: 'stopped' },
      { label: 'GPUs', before: gpuWords(w), after: 'free' },
    ],
    commands: nodes.map((n) => ({ where: n.name, argv: ['kill', `-${w.spec.stop.signal}`, w.name] })),
    notDone: ['Its record, logs and checkpoints are kept.'],
    facts: [
      { kind: 'workload-live', id: w.id, value: true, text: `${w.name} is wanted` },
      { kind: 'workload-revision', id: w.id, value: w.revision, text: `${w.name} is at revision ${w.revision}` },
    ],
    affects: { workloads: [{ id: w.id, name: w.name, owner: w.owner.name }], nodes, gpus: w.gpus.length },
    cost: rate,
    undo: {
      possible: false,
      tool: null,
      text: w.spec.checkpoint
        ? `Cannot be undone. It can be started again from its last checkpoint in ${w.spec.checkpoint.dir}.`
        : 'Cannot be undone: what it holds in memory is lost.',
    },
    risk: 'high',
    riskReason: 'Ends a running workload; what is not saved is lost.',
    warnings: w.owner.id !== '' ? [`It belongs to ${w.owner.name}.`] : [],
    durationS: graceS,
    editable: [],
    origin: { text: turn.text.slice(0, 2000), untrusted: turn.untrusted },
    confirmName: w.name,
    ttlS: TTL_S.high,
  }
}

function hourlyRate(w: LiveWorkload): PlanContent['cost'] {
  let total = 0
  for (const gpu of w.gpus) {
    const price = priceMicroUsd(gpu.labels[PRICE_LABEL])
    if (price === null)
      return { perHourMicroUsd: null, oneOffMicroUsd: 0, arithmetic: `unknown: ${gpu.nodeName} has no price` }
    total += price
  }
  return { perHourMicroUsd: -total, oneOffMicroUsd: 0, arithmetic: `frees ${gpuWords(w)}: ${usd(-total)}/h` }
}

const gpuWords = (w: LiveWorkload): string => {
  const nodes = [...new Set(w.gpus.map((g) => g.nodeName))]
  return w.gpus.length === 0
    ? 'no GPUs'
    : `${w.gpus.length} GPU${w.gpus.length === 1 ? '' : 's'} on ${nodes.join(', ')}`
}
