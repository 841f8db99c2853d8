import { atWords } from '@clawbernetes/domain/at-words'
import { inert } from '@clawbernetes/protocol/text'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { readNode } from '@clawbernetes/services/fleet/read-node'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import { readWorkload } from '@clawbernetes/services/workloads/read-workload'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { toldByNodes } from '../../src/registry/outside-text'
import { diagnosisItem, quotesMachine } from '../../src/registry/diagnosis-items'
import { nodeSlot, textSlot } from '../../src/registry/slots'
import { explainTerm } from './glossary'

const output = z.object({
  kind: z.enum(['plan', 'node', 'workload', 'term', 'nothing']),
  plan: z.string().nullable(),
  name: z.string().nullable(),
  /** The explanation itself, from records or the catalogue. */
  text: z.string(),
  reasons: z.array(z.object({ label: z.string(), reason: z.string() })),
})
type Output = z.output<typeof output>
const input = z.object({
  about: textSlot.optional(),
  plan: z.string().max(60).optional(),
  node: nodeSlot.optional(),
})
type Args = z.output<typeof input>

export const explain = readTool({
  kind: 'read',
  name: 'explain',
  skill: 'clawbernetes',
  version: 1,
  title: 'Looked up the reasons',
  description:
    'Why a plan looks as it does, why a node is in its state, why a workload waits or failed, or what a term or an XID code means.',
  input,
  output,
  run,
})

/** The most precise thing that is named wins: a plan, a workload, a node, a term; then the plan in focus. */
async function run(args: Args, tool: ToolContext): Promise<ToolResult<Output>> {
  const { turn } = tool
  if (args.plan) return explainPlan(args.plan, tool)
  const said = `${args.about ?? ''} ${turn.text}`
  const workload = await namedWorkload(said, tool)
  if (workload) return explainWorkload(workload, tool)
  const term = explainTerm(args.about ?? turn.text)
  // "why is node-06 cordoned" is about the node; "what is a cordon" is about the word.
  if (args.node && !/\bwhat (?:is|does|are|do)\b/i.test(turn.text)) return explainNode(args.node, tool)
  if (term) return answered('term', term.term, term.text)
  if (args.node) return explainNode(args.node, tool)
  if (turn.focus.plan) return explainPlan(turn.focus.plan, tool)
  if (turn.focus.workload) return explainWorkload(turn.focus.workload, tool)
  if (turn.focus.node) return explainNode(turn.focus.node, tool)
  return answered(
    'nothing',
    null,
    'Tell me what to explain: a plan such as PL-101, a node, a workload that waits, or a term such as XID 79.',
  )
}

const answered = (kind: Output['kind'], name: string | null, text: string): ToolResult<Output> => ({
  data: { kind, plan: null, name, text, reasons: [] },
  say: text,
  blocks: [],
})

async function explainPlan(id: string, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const plan = await readPlan({ ctx, input: { planId: id } })
  const c = plan.content
  const text = `${plan.label}, ${c.title}. ${c.why} Risk is ${plan.risk}: ${c.riskReason} ${c.undo.text}`
  const reasons = [
    ...c.evidence.map((e) => ({ label: 'Evidence', verdict: 'info' as const, reason: e.text })),
    ...c.warnings.map((w) => ({ label: 'Note', verdict: 'unknown' as const, reason: w })),
    ...c.steps.map((s, i) => ({ label: `Step ${i + 1}`, verdict: 'info' as const, reason: s.title })),
  ]
  return {
    data: {
      kind: 'plan',
      plan: plan.label,
      name: plan.label,
      text,
      reasons: reasons.map(({ label, reason }) => ({ label, reason })),
    },
    say: text,
    blocks: [
      {
        type: 'reasons',
        title: `Why ${plan.label}`,
        at: ctx.now().toISOString(),
        source: 'the plan',
        href: `/plans/${plan.label}`,
        demo: plan.demo,
        items: reasons.slice(0, 60),
      },
    ],
    focus: { plan: plan.label },
  }
}

/** The longest name of a workload that stands in the sentence. */
async function namedWorkload(said: string, { ctx }: ToolContext): Promise<string | null> {
  const words = new Set(said.toLowerCase().match(/[a-z0-9][a-z0-9.-]*[a-z0-9]/g) ?? [])
  const names = (await liveWorkloads({ ctx, input: { includeEnded: true, limit: 500 } })).map((w) => w.name)
  return names.filter((name) => words.has(name)).sort((a, b) => b.length - a.length)[0] ?? null
}

async function explainWorkload(name: string, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const w = await readWorkload({ ctx, input: { workload: name } })
  const waiting = w.status === 'pending'
  const reasons = (waiting ? w.pendingReasons : w.placement).map((r) => ({
    label: r.node,
    reason: inert(r.reason, 300),
  }))
  const near = reasons.slice(0, 3).map((r) => `${r.label}: ${r.reason}`)
  const moment = w.timeline.at(-1)
  const text = waiting
    ? `${w.name} waits: ${lower(w.statusReason ?? 'it was not placed yet')}${near.length > 0 ? ` Of the nodes: ${near.join('; ')}.` : ''}`
    : `${w.name} is ${w.status}.${w.statusReason ? ` ${inert(w.statusReason, 300)}` : ''}${near.length > 0 ? ` Placed where it is: ${near.join('; ')}.` : ''}${moment ? ` Last: ${lower(moment.text)}, ${atWords(new Date(moment.at))}.` : ''}`
  return {
    data: { kind: 'workload', plan: w.planLabel, name: w.name, text, reasons },
    say: text,
    blocks:
      reasons.length === 0
        ? []
        : [
            {
              type: 'reasons',
              title: waiting ? `Why ${w.name} waits` : `Why ${w.name} is where it is`,
              at: ctx.now().toISOString(),
              source: 'placement',
              href: `/workloads/${w.name}`,
              demo: w.demo,
              items: reasons.slice(0, 60).map((r) => ({ ...r, verdict: waiting ? 'no' : 'yes' })),
            },
          ],
    focus: { workload: w.name },
    ...toldByNodes([w]),
    // A cordon's reason is quoted from whoever wrote it.
    ...(reasons.some((r) => /cordon/i.test(r.reason)) ? { untrusted: 'notes on nodes' } : {}),
  }
}

async function explainNode(name: string, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const item = (await listNodes({ ctx })).find((n) => n.name === name)
  if (!item) return answered('nothing', null, `I see no ${name}.`)
  const node = await readNode({ ctx, input: { nodeId: item.id } })
  const cordon = node.cordon
    ? ` It is cordoned since ${atWords(new Date(node.cordon.atMs))}${node.cordon.by ? ` by ${node.cordon.by.name}` : ''}: ${node.cordon.reason}${node.cordon.expiresAtMs === null ? '' : `, until ${atWords(new Date(node.cordon.expiresAtMs))}`}.`
    : ''
  const found = node.findings.slice(0, 3).map((f) => ` ${f.title}: ${f.detail}.`.replace(/\.\.$/, '.'))
  const text = `${node.name} is ${node.status}${node.statusReason ? `: ${node.statusReason}` : ''}.${cordon}${found.length > 0 ? found.join('') : ' No finding is open on it.'}`
  return {
    data: {
      kind: 'node',
      plan: null,
      name: node.name,
      text,
      reasons: node.findings.map((f) => ({ label: f.title, reason: f.detail })),
    },
    say: text,
    blocks:
      node.findings.length === 0
        ? []
        : [
            {
              type: 'diagnosis',
              title: `Findings on ${node.name}`,
              at: ctx.now().toISOString(),
              source: 'findings',
              href: `/nodes/${node.name}`,
              demo: node.demo,
              items: node.findings.slice(0, 20).map(diagnosisItem),
              checked: [],
            },
          ],
    focus: { node: node.name },
    ...(node.cordon ? { untrusted: `note on ${node.name}` } : {}),
    ...(quotesMachine(node.findings) ? { untrusted: `kernel lines of ${node.name}` } : {}),
  }
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
