import { allTools } from '@clawbernetes/skills/registry/registry'
import type { Tool, ToolResult, Turn, WriteTool } from '@clawbernetes/skills/registry/define-tool'
import { holdsPlantedWords } from '@clawbernetes/domain/chat/planted-words'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import type { ToolCallRecord } from '@clawbernetes/services/chat/record-tool-call'
import { ServiceError } from '@clawbernetes/services/errors'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import { proposeFromPreview } from './propose'
import { tellStep } from './tell-step'
import type { TurnCollector } from './turn-collector'

export interface ToolRun {
  sys: SystemCtx
  ctx: Ctx
  run: ClaimedRun
  turn: Turn
  collect: TurnCollector
  /** Of a request with several steps: which one this is. */
  order?: { step: number; of: number }
  /** Tool calls that this turn may make; a planner that wants more is going in circles. */
  maxCalls?: number
  /** A last word before a previewed plan is stored: words refuse it. */
  refuse?: (tool: WriteTool, content: PlanContent) => string | null
}

export interface ToolOutcome {
  ok: boolean
  /** What to tell the person. */
  say: string
  /** What a read tool brought; null when it failed, and for proposals. */
  result: ToolResult<unknown> | null
}

const MAX_CALLS = 12
const PREVIEW_CHARS = 1500

/** Runs one tool: checks its arguments, reads or previews with the asker's rights, writes the trace. */
export async function runTool(env: ToolRun, tool: Tool, args: Record<string, unknown>): Promise<ToolOutcome> {
  const { collect, sys } = env
  const startedAt = sys.now()
  const began = performance.now()
  const ordinal = collect.calls++
  const trace = (state: ToolCallRecord['state'], result: string | null, error: string | null, untrusted = false) =>
    tellStep(
      env,
      {
        name: tool.name,
        title: tool.title,
        args: JSON.parse(JSON.stringify(args)),
        state,
        result,
        error,
        untrusted,
        startedAt,
        durationMs: Math.round(performance.now() - began),
      },
      ordinal,
    )
  const failed = (say: string): ToolOutcome => ({ ok: false, say, result: null })
  if (ordinal >= (env.maxCalls ?? MAX_CALLS)) return failed('I stopped here: this turn took too many steps.')
  const parsed = tool.input.safeParse(args)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    await trace('failed', null, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
    return failed(`I can't use ${issue?.path.join('.') || 'that'}: ${issue?.message ?? 'it does not fit'}`)
  }
  try {
    if (tool.kind === 'write') {
      // Also when it is refused: "there" in the next sentence is the node that was asked about.
      if ('node' in args && typeof args.node === 'string')
        collect.dialogue.focus = { ...collect.dialogue.focus, node: args.node }
      const proposed = await propose(env, tool, parsed.data)
      // A question back or a refusal in words is no failure: nothing was tried.
      await trace(proposed.ok ? 'done' : 'skipped', proposed.say.slice(0, PREVIEW_CHARS), null)
      return proposed
    }
    const result = await tool.run(parsed.data, { ctx: env.ctx, turn: env.turn })
    const untrusted = untrustedSource(tool.name, result)
    if (untrusted) markUntrusted(env, untrusted)
    collect.blocks.push(...result.blocks)
    if (result.focus) collect.dialogue.focus = { ...collect.dialogue.focus, ...result.focus }
    if (result.recommendation)
      collect.dialogue.recommendation = { ...result.recommendation, untrusted: [...env.turn.untrusted] }
    await trace('done', JSON.stringify(result.data).slice(0, PREVIEW_CHARS), null, untrusted !== null)
    return { ok: true, say: result.say, result }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    await trace('failed', null, error.message)
    return failed(error.message)
  }
}

/** Previews a change and stores it as a plan, unless the turn refuses it. */
async function propose(env: ToolRun, tool: WriteTool, args: unknown): Promise<ToolOutcome> {
  const { run, turn, collect } = env
  const preview = await tool.preview(args, { ctx: env.ctx, turn })
  const refused = preview.ok ? (env.refuse?.(tool, preview.content) ?? null) : null
  if (refused) return { ok: false, say: refused, result: null }
  const where = {
    threadId: run.threadId,
    runId: run.id,
    startedAt: run.startedAt,
    turn,
    slots: { ...(args as object) },
    order: env.order,
  }
  const say = await proposeFromPreview(env.ctx, tool, preview, where, collect)
  return { ok: preview.ok, say, result: null }
}

/** What is proposed from here on in this turn carries the source. */
function markUntrusted({ turn, collect }: ToolRun, source: string): void {
  if (!collect.untrusted.includes(source)) collect.untrusted.push(source)
  if (!turn.untrusted.includes(source)) turn.untrusted.push(source)
}

const TOOL_NAMES: ReadonlySet<string> = new Set(allTools().map((tool) => tool.name))

/** A tool says itself when its answer holds text from outside; one that does not is looked at once more. */
function untrustedSource(name: string, result: ToolResult<unknown>): string | null {
  if (result.untrusted) return result.untrusted
  return holdsPlantedWords([result.data, result.blocks], TOOL_NAMES) ? `words in the answer of ${name}` : null
}
