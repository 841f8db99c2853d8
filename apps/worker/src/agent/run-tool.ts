import { findTool, allTools } from '@clawbernetes/skills/registry/registry'
import type { ToolContext, Turn } from '@clawbernetes/skills/registry/define-tool'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import { recordToolCall } from '@clawbernetes/services/chat/record-tool-call'
import { proposeFromPreview } from './propose'
import type { TurnCollector } from './turn-collector'

export interface ToolRun {
  sys: SystemCtx
  ctx: Ctx
  run: ClaimedRun
  turn: Turn
  collect: TurnCollector
}

/** Tool calls of one turn; a planner that wants more is going in circles. */
const MAX_CALLS = 12
const PREVIEW_CHARS = 1500

/** Runs one tool for the planner: checks its arguments, reads or previews with the asker's rights, writes the trace. Returns what to say. */
export async function runTool(env: ToolRun, name: string, args: Record<string, unknown>): Promise<string> {
  const { collect, sys, run } = env
  const tool = findTool(name)
  const startedAt = sys.now()
  const began = performance.now()
  const ordinal = collect.calls++
  const trace = (state: 'done' | 'failed', result: string | null, error: string | null, untrusted = false) =>
    recordToolCall(sys, run, ordinal, {
      name,
      title: tool?.title ?? name,
      args: JSON.parse(JSON.stringify(args)),
      state,
      result,
      error,
      untrusted,
      startedAt,
      durationMs: Math.round(performance.now() - began),
    })
  if (ordinal >= MAX_CALLS) return 'I stopped here: this turn took too many steps.'
  if (!tool) {
    const words = `I understand that as ${name.replaceAll('_', ' ')}, and I cannot do it yet. What I can do today: ${allTools().length} tools over nodes, GPUs, workloads, logs and plans.`
    await trace('failed', null, 'This installation has no such tool yet.')
    return words
  }
  const parsed = tool.input.safeParse(args)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    await trace('failed', null, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
    return `I can't use ${issue?.path.join('.') || 'that'}: ${issue?.message ?? 'it does not fit'}`
  }
  const toolContext: ToolContext = { ctx: env.ctx, turn: env.turn }
  try {
    if (tool.kind === 'write') {
      const say = await proposeFromPreview(
        env.ctx,
        tool,
        await tool.preview(parsed.data, toolContext),
        { threadId: run.threadId, runId: run.id },
        collect,
      )
      await trace('done', say.slice(0, PREVIEW_CHARS), null)
      return say
    }
    const result = await tool.run(parsed.data, toolContext)
    collect.blocks.push(...result.blocks)
    if (result.focus) collect.dialogue.focus = { ...collect.dialogue.focus, ...result.focus }
    if (result.recommendation) collect.dialogue.recommendation = result.recommendation
    if (result.untrusted) {
      collect.untrusted.push(result.untrusted)
      env.turn.untrusted.push(result.untrusted)
    }
    await trace('done', JSON.stringify(result.data).slice(0, PREVIEW_CHARS), null, result.untrusted !== undefined)
    return result.say
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    await trace('failed', null, error.message)
    return error.message
  }
}
