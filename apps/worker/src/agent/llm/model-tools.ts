import type { Tool } from '@clawbernetes/skills/registry/define-tool'
import { allTools } from '@clawbernetes/skills/registry/registry'
import { type SkillPage, skillPages } from '@clawbernetes/skills/registry/skill-pages'
import { tool, type StructuredToolInterface } from '@langchain/core/tools'
import * as z from 'zod'

export const PROPOSE = 'propose_plan'
export const LOAD_SKILL = 'load_skill'
/** Its read tools are there from the start: what waits, what can be done. */
const CORE_SKILL = 'clawbernetes'

let pages: readonly SkillPage[] | null = null
/** Read once per process: the pages are files of this version. */
export const knownSkills = (): readonly SkillPage[] => (pages ??= skillPages())

type JsonSchema = Record<string, unknown>

const LOAD_SCHEMA: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string', description: 'A name from the list of skills.' } },
  required: ['name'],
  additionalProperties: false,
}

const PROPOSE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: 4,
      items: {
        type: 'object',
        properties: {
          tool: { type: 'string', description: 'A tool that changes something, as named on its skill’s page.' },
          args: { type: 'object', description: 'Its arguments.', additionalProperties: true },
        },
        required: ['tool', 'args'],
        additionalProperties: false,
      },
    },
  },
  required: ['steps'],
  additionalProperties: false,
}

let declaredOnce: readonly StructuredToolInterface[] | null = null
/** Every tool as the model may see it. They carry no code that could run: calls are carried out by `runCall` alone. */
export const declaredTools = (): StructuredToolInterface[] => [...(declaredOnce ??= declareAll())]

function declareAll(): StructuredToolInterface[] {
  const declared = [
    declare(LOAD_SKILL, 'Reads a skill’s page: its procedure, and its tools with their arguments.', LOAD_SCHEMA),
    declare(
      PROPOSE,
      'Proposes a change. The first step becomes a plan that a person decides on; each later step is drawn up when the plan before it is done. Changes that do not depend on each other: one call for each. It changes nothing by itself.',
      PROPOSE_SCHEMA,
    ),
  ]
  for (const t of allTools()) if (t.kind === 'read') declared.push(declare(t.name, t.description, argsSchema(t)))
  return declared
}

/** Which of them the model sees now: progressive disclosure keeps the request small. */
export function visibleNames(loaded: ReadonlySet<string>): Set<string> {
  const skills = new Set([CORE_SKILL, ...loaded])
  const reads = allTools().filter((t) => t.kind === 'read' && skills.has(t.skill) && t.notYet === undefined)
  return new Set([LOAD_SKILL, PROPOSE, ...reads.map((t) => t.name)])
}

/** A skill's page with its tools; null: there is no such skill. */
export function skillPage(name: string): string | null {
  const page = knownSkills().find((p) => p.name === name)
  if (!page) return null
  const tools = allTools().filter((t) => t.skill === name)
  const lines = tools.map((t) => {
    const way = t.kind === 'write' ? `propose with ${PROPOSE}` : t.notYet ? 'not available here yet' : 'call it'
    return `- ${t.name} (${way}): ${t.description}\n  arguments: ${JSON.stringify(argsSchema(t))}`
  })
  return `${page.body.trim()}\n\n## Tools of this installation\n\n${lines.join('\n')}`
}

function declare(name: string, description: string, schema: JsonSchema): StructuredToolInterface {
  return tool(() => 'This tool is carried out elsewhere.', { name, description, schema })
}

const schemas = new Map<string, JsonSchema>()

/** The arguments of a tool as JSON schema. Checks happen in zod; this is for the model's eyes. */
export function argsSchema(t: Tool): JsonSchema {
  const known = schemas.get(t.name) ?? makeSchema(t)
  schemas.set(t.name, known)
  return known
}

function makeSchema(t: Tool): JsonSchema {
  const asked = schemaOf(t.input, 'input')
  const made = schemaOf(t.input, 'output')
  // What is coerced accepts anything by its input; the output says what is meant.
  const properties: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(asked.properties ?? {}))
    properties[key] = Object.keys(schema).length > 0 ? schema : (made.properties?.[key] ?? {})
  return {
    type: 'object',
    properties,
    ...(asked.required && asked.required.length > 0 ? { required: asked.required } : {}),
    additionalProperties: false,
  }
}

function schemaOf(
  input: z.ZodType,
  io: 'input' | 'output',
): { properties?: Record<string, object>; required?: string[] } {
  return z.toJSONSchema(input, { io, unrepresentable: 'any' }) as {
    properties?: Record<string, object>
    required?: string[]
  }
}
