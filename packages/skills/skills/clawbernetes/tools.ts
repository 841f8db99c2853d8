import { listPlans as readPlans } from '@clawbernetes/services/plans/list-plans'
import * as z from 'zod'
import { EXAMPLE_OF } from '../../src/planner/examples'
import { isTool, type Risk, type ToolName, TOOLS } from '../../src/planner/tools-table'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'
import { explain } from './explain'

const TOOL_NAMES = Object.keys(TOOLS) as ToolName[]
const helpOutput = z.object({
  about: z.string().nullable(),
  does: z.string().nullable(),
  risk: z.string().nullable(),
  examples: z.array(z.string()),
})
const EXAMPLES = [
  'What GPUs do we have?',
  'What is running?',
  'Which jobs are waiting, and why?',
  'Fine-tune Llama 3 8B on /data/training',
  'How is the fleet doing?',
]
const RISK_WORDS: Record<Risk, string> = {
  read: 'It only looks.',
  low: 'It is low risk.',
  medium: 'It is medium risk: you approve a plan first.',
  high: 'It is high risk: you approve a plan with its button and the name of the target.',
  critical: 'It is critical: two people approve it.',
}

export const help = readTool({
  kind: 'read',
  name: 'help',
  skill: 'clawbernetes',
  version: 1,
  title: 'Looked up help',
  description: 'What the agent can do, with examples; or how one thing is asked for.',
  input: z.object({ about: z.string().max(200).optional() }),
  output: helpOutput,
  run: async (args): Promise<ToolResult<z.output<typeof helpOutput>>> => {
    const about =
      args.about
        ?.trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_') ?? ''
    const known = isTool(about) ? about : TOOL_NAMES.find((name) => TOOLS[name].skill.replaceAll('-', '_') === about)
    const same = known ? TOOL_NAMES.filter((name) => TOOLS[name].skill === TOOLS[known].skill) : []
    const examples = known ? [...new Set([known, ...same])].slice(0, 5).map((name) => EXAMPLE_OF[name]) : EXAMPLES
    const say = known
      ? `I can ${TOOLS[known].does}. ${RISK_WORDS[TOOLS[known].risk]} Say for example: “${EXAMPLE_OF[known]}”.`
      : 'Ask about nodes, GPUs, workloads and their logs, or tell me what to run or stop. Every change comes as a plan that you approve first.'
    return {
      data: {
        about: known ?? null,
        does: known ? TOOLS[known].does : null,
        risk: known ? TOOLS[known].risk : null,
        examples,
      },
      say,
      blocks: [
        {
          type: 'choice',
          question: 'Try one of these',
          options: examples.map((text) => ({ label: text, send: text })),
        },
      ],
    }
  },
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

export const tools = [help, explain, listPlans]
