import { findTool } from '@clawbernetes/skills/registry/registry'
import type { ToolResult } from '@clawbernetes/skills/registry/define-tool'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { quoteAsData } from '@clawbernetes/domain/chat/quote-untrusted'
import { runTool } from '../run-tool'
import { tellStep } from '../tell-step'
import type { LlmTurn } from './llm-turn'
import { knownSkills, LOAD_SKILL, PROPOSE, skillPage } from './model-tools'
import { proposeSteps } from './propose-steps'

export interface ModelCall {
  id: string
  name: string
  args: Record<string, unknown>
}

/** Lines and rows of a block that reach the model. */
const MAX_ROWS = 60

/**
 * Carries out one call of the model: reads with the asker's rights, or proposes. Whatever else it names is answered with words.
 * There is no branch here that changes the fleet, decides on a plan, or runs a command.
 */
export async function runCall(turn: LlmTurn, call: ModelCall): Promise<string> {
  const { env } = turn
  if (turn.used.toolCalls >= turn.budgets.turnToolCalls) {
    turn.toldNoMoreCalls = true
    return 'The tool calls of this turn are used up. Answer now with what you have; further calls are ignored.'
  }
  turn.used.toolCalls++
  turn.uncounted++
  const unreadable = turn.unreadable.get(call.id)
  if (unreadable) return bad(turn, call, unreadable)
  if (call.name === LOAD_SKILL) return loadSkill(turn, call)
  if (call.name === PROPOSE) return quote(turn, PROPOSE, await proposeSteps(turn, call))
  const tool = findTool(call.name)
  if (!tool) return bad(turn, call, `There is no tool ${call.name}. Nothing happened. Load a skill to see its tools.`)
  if (tool.kind === 'write')
    return bad(
      turn,
      call,
      `${call.name} changes something: call ${PROPOSE} with steps [{"tool": "${call.name}", "args": {…}}]. Nothing happened.`,
    )
  const outcome = await runTool(env, tool, call.args)
  if (outcome.result) return quote(turn, call.name, forModel(outcome.say, outcome.result))
  turn.badCalls++
  return outcome.say
}

async function loadSkill(turn: LlmTurn, call: ModelCall): Promise<string> {
  const name = typeof call.args.name === 'string' ? call.args.name : ''
  const page = skillPage(name)
  if (!page)
    return bad(
      turn,
      call,
      `There is no such skill. Skills: ${knownSkills()
        .map((s) => s.name)
        .join(', ')}.`,
    )
  turn.loaded.add(name)
  await trace(turn, call, { title: `Read the page of ${name}`, error: null })
  return page
}

/** A call that names nothing we have, or cannot be read: the model hears why, a bounded number of times. */
async function bad(turn: LlmTurn, call: ModelCall, why: string): Promise<string> {
  turn.badCalls++
  await trace(turn, call, { title: `Refused ${call.name}`, error: why })
  return why
}

async function trace(turn: LlmTurn, call: ModelCall, what: { title: string; error: string | null }): Promise<void> {
  const { env } = turn
  await tellStep(env, {
    name: call.name,
    title: what.title,
    args: JSON.parse(JSON.stringify(call.args)),
    state: what.error ? 'failed' : 'done',
    result: null,
    error: what.error,
    untrusted: false,
    startedAt: env.sys.now(),
    durationMs: 0,
  })
}

export const quote = (turn: LlmTurn, source: string, text: string): string => quoteAsData(turn.nonce, source, text)

/** A result as text: what it says, its data, and what its blocks show a person. */
function forModel(say: string, result: ToolResult<unknown>): string {
  const shown = result.blocks.map(blockText).filter((text) => text !== '')
  return [say, `data: ${JSON.stringify(result.data)}`, ...shown].join('\n')
}

/** What a person sees in a block, without what only drives the screen. */
function blockText(block: Block): string {
  if (block.type === 'plan' || block.type === 'choice') return ''
  const { type, ...rest } = block as { type: string } & Record<string, unknown>
  const shown = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => key !== 'href' && key !== 'demo')
      .map(([key, value]) => [key, Array.isArray(value) ? value.slice(-MAX_ROWS) : value]),
  )
  return `${type}: ${JSON.stringify(shown)}`
}
