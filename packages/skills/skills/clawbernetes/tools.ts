import { listPlans as readPlans } from '@clawbernetes/services/plans/list-plans'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import * as z from 'zod'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

const helpOutput = z.object({ skills: z.number() })
const EXAMPLES = [
  'What GPUs do we have?',
  'What is running?',
  'Which jobs are waiting, and why?',
  'Fine-tune Llama 3 8B on /data/training',
  'How is the fleet doing?',
]

export const help = readTool({
  kind: 'read',
  name: 'help',
  skill: 'clawbernetes',
  version: 1,
  title: 'Looked up help',
  description: 'What the agent can do, with examples.',
  input: z.object({ about: z.string().max(200).optional() }),
  output: helpOutput,
  run: async (): Promise<ToolResult<z.output<typeof helpOutput>>> => ({
    data: { skills: EXAMPLES.length },
    say: 'Ask about nodes, GPUs, workloads and their logs, or tell me what to run or stop. Every change comes as a plan that you approve first.',
    blocks: [
      { type: 'choice', question: 'Try one of these', options: EXAMPLES.map((text) => ({ label: text, send: text })) },
    ],
  }),
})

const plansOutput = z.object({
  waiting: z.number(),
  plans: z.array(z.object({ label: z.string(), title: z.string(), state: z.string() })),
})
export const listPlans = readTool({
  kind: 'read',
  name: 'list_plans',
  skill: 'clawbernetes',
  version: 1,
  title: 'Listed plans',
  description: 'Plans that wait for approval, run, or were decided.',
  input: z.object({
    status: z.string().max(40).optional(),
    when: z.string().max(60).optional(),
    node: z.string().max(80).optional(),
  }),
  output: plansOutput,
  run: async (args, { ctx }: ToolContext): Promise<ToolResult<z.output<typeof plansOutput>>> => {
    const view =
      args.status === 'pending' || args.status === undefined ? 'waiting' : args.status === 'running' ? 'active' : 'all'
    const plans = await readPlans({ ctx, input: { view, limit: 50 } })
    const data = {
      waiting: plans.filter((p) => p.state === 'proposed').length,
      plans: plans.map((p) => ({ label: p.label, title: p.title, state: p.state })),
    }
    const say =
      plans.length === 0
        ? view === 'waiting'
          ? 'Nothing is waiting for approval.'
          : 'There are no such plans.'
        : `${plans.length} plan${plans.length === 1 ? '' : 's'}${view === 'waiting' ? ' waiting for approval' : ''}: ${plans
            .slice(0, 3)
            .map((p) => `${p.label} ${p.title}`)
            .join('; ')}${plans.length > 3 ? ' …' : ''}.`
    if (plans.length === 0) return { data, say, blocks: [] }
    return {
      data,
      say,
      blocks: [
        {
          type: 'table',
          title: 'Plans',
          at: ctx.now().toISOString(),
          source: 'plan records',
          href: '/approvals',
          demo: plans.some((p) => p.demo),
          columns: [
            { key: 'plan', label: 'Plan', align: 'left', unit: null },
            { key: 'title', label: 'What', align: 'left', unit: null },
            { key: 'state', label: 'State', align: 'left', unit: null },
            { key: 'risk', label: 'Risk', align: 'left', unit: null },
            { key: 'by', label: 'Asked by', align: 'left', unit: null },
          ],
          rows: plans.map((p) => ({
            href: `/plans/${p.label}`,
            tone: null,
            cells: { plan: p.label, title: p.title, state: p.state, risk: p.risk, by: p.proposedBy },
          })),
          more: 0,
        },
      ],
    }
  },
})

const explainOutput = z.object({ plan: z.string().nullable() })
export const explain = readTool({
  kind: 'read',
  name: 'explain',
  skill: 'clawbernetes',
  version: 1,
  title: 'Looked up the reasons',
  description: 'Why a plan looks as it does: reasons, evidence, what would happen, how to undo it.',
  input: z.object({
    about: z.string().max(300).optional(),
    plan: z.string().max(60).optional(),
    node: z.string().max(80).optional(),
  }),
  output: explainOutput,
  run: async (args, { ctx, turn }: ToolContext): Promise<ToolResult<z.output<typeof explainOutput>>> => {
    const id = args.plan ?? turn.focus.plan
    if (!id)
      return {
        data: { plan: null },
        say: 'Tell me what to explain: name a plan such as PL-101, a node or a workload.',
        blocks: [],
      }
    const plan = await readPlan({ ctx, input: { planId: id } })
    const c = plan.content
    return {
      data: { plan: plan.label },
      say: `${plan.label}, ${c.title}. ${c.why} Risk is ${plan.risk}: ${c.riskReason} ${c.undo.text}`,
      blocks: [
        {
          type: 'reasons',
          title: `Why ${plan.label}`,
          at: ctx.now().toISOString(),
          source: 'the plan',
          href: `/plans/${plan.label}`,
          demo: plan.demo,
          items: [
            ...c.evidence.map((e) => ({ label: 'Evidence', verdict: 'info' as const, reason: e.text })),
            ...c.warnings.map((w) => ({ label: 'Note', verdict: 'unknown' as const, reason: w })),
            ...c.steps.map((s, i) => ({ label: `Step ${i + 1}`, verdict: 'info' as const, reason: s.title })),
          ],
        },
      ],
    }
  },
})

export const tools = [help, explain, listPlans]
