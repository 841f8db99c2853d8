import type { Tool as McpTool } from '@modelcontextprotocol/sdk/types.js'
import { can } from '@clawbernetes/protocol/permissions'
import { allTools, findTool } from '@clawbernetes/skills/registry/registry'
import type { ReadTool, Tool, WriteTool } from '@clawbernetes/skills/registry/define-tool'
import type { Ctx } from '@clawbernetes/services/context'
import * as z from 'zod'
import { type ObjectSchema, objectSchema } from './json-schema'
import { planOutput } from './plan-facts'

/** How long a call may stay open, in seconds; a client that shows progress may wait longer than one that does not. */
export const MAX_WAIT_S = 600
export const waitSeconds = z
  .number()
  .min(0)
  .max(MAX_WAIT_S)
  .optional()
  .describe('Seconds to keep this call open while people decide. 0 answers at once. Ask again with wait_for_plan.')

export const WAIT_FOR_PLAN = 'wait_for_plan'
export const waitForPlanInput = z.strictObject({
  plan: z.string().min(1).max(60).describe('The label of a plan, such as PL-204.'),
  wait_s: waitSeconds,
})

type Offered = ReadTool | WriteTool

/** A tool that only says it cannot do a thing yet helps no program: it is not offered. */
export function offeredTool(name: string): Offered | undefined {
  const tool = findTool(name)
  return tool && isOffered(tool) ? tool : undefined
}
const isOffered = (tool: Tool): boolean => tool.kind === 'write' || tool.notYet === undefined

/** What this key may call: reading with the scope read, proposing with the scope propose and the role that each tool asks for. */
export function toolList({ actor }: Ctx): McpTool[] {
  const reads = actor.scopes?.includes('read') ?? true
  const proposes = actor.scopes?.includes('propose') ?? true
  const tools = allTools().filter((tool) =>
    tool.kind === 'read' ? reads && isOffered(tool) : proposes && can(actor.role, tool.authorize.permission),
  )
  return [...tools.map(described), ...(reads ? [waitForPlan()] : [])]
}

/** Schemas never change while the process runs. */
const known = new Map<string, McpTool>()

function described(tool: Tool): McpTool {
  const before = known.get(tool.name)
  if (before) return before
  const made = tool.kind === 'read' ? describedRead(tool) : describedWrite(tool)
  known.set(tool.name, made)
  return made
}

const describedRead = (tool: ReadTool): McpTool => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: objectSchema(tool.input, 'input').schema,
  outputSchema: withShown(objectSchema(tool.output, 'output').schema),
  annotations: { title: tool.title, readOnlyHint: true, openWorldHint: false },
})

/** What a chat would show beside the words: tables, log lines, curves, reasons. */
const withShown = (schema: ObjectSchema): ObjectSchema => ({
  ...schema,
  properties: {
    ...schema.properties,
    shown: {
      type: 'array',
      description: 'Tables, log lines, curves and reasons that belong to the answer, as data.',
      items: { type: 'object', properties: { type: { type: 'string' } }, required: ['type'] },
    },
  },
})

function describedWrite(tool: WriteTool): McpTool {
  const { schema } = objectSchema(tool.input, 'input')
  const wait = objectSchema(z.object({ wait_s: waitSeconds }), 'input').schema.properties ?? {}
  return {
    name: tool.name,
    title: tool.title,
    description: `${tool.description} Changes nothing by itself: it drafts a plan that a person decides on, and stays open until then. No tool can approve.`,
    inputSchema: { ...schema, properties: { ...schema.properties, ...wait } },
    outputSchema: objectSchema(planOutput, 'output').schema,
    annotations: {
      title: tool.title,
      readOnlyHint: false,
      destructiveHint: tool.risk === 'high' || tool.risk === 'critical' || 'none' in tool.undo,
      idempotentHint: false,
      openWorldHint: false,
    },
  }
}

const waitForPlan = (): McpTool => ({
  name: WAIT_FOR_PLAN,
  title: 'Wait for a plan',
  description: 'Reads a plan, and waits until people have decided on it and it is over. Cannot approve it.',
  inputSchema: objectSchema(waitForPlanInput, 'input').schema,
  outputSchema: objectSchema(planOutput, 'output').schema,
  annotations: { title: 'Wait for a plan', readOnlyHint: true, openWorldHint: false },
})
