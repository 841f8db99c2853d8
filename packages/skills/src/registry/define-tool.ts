import { type Risk, type PlanContent, RISKS } from '@clawbernetes/protocol/plans/content'
import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import type { Permission } from '@clawbernetes/protocol/roles'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { type Ctx, requirePermission } from '@clawbernetes/services/context'
import type * as z from 'zod'

/** What the person looked at and said before, from the database; never from a model. */
export interface Turn {
  /** The person's own words. */
  text: string
  threadId: string | null
  focus: Focus
  /** Untrusted sources read in this turn, in words ("log of fine-tune-llama"). */
  untrusted: string[]
  /** Nobody asked for the change itself: it is what the agent recommends in its answer. */
  recommended?: boolean
}

/** What "it", "that GPU", "the job" mean in a thread. */
export interface Focus {
  node?: string
  gpu?: number
  workload?: string
  plan?: string
}

export interface ToolContext {
  /** The asker's rights, with the agent as actor: never more. */
  ctx: Ctx
  turn: Turn
}

/** A result in words, as data, and as blocks; every figure in `say` stands in `data`. */
export interface ToolResult<O> {
  data: O
  /** One to three sentences; the embedded planner answers with them, a model may quote them. */
  say: string
  blocks: Block[]
  focus?: Focus
  /** A follow-up that "do it" would mean: tool and arguments. */
  recommendation?: { intent: string; slots: Record<string, unknown> }
  /** The result holds text from machines or strangers. */
  untrusted?: string
}

/** A question back to the person instead of a result. */
export interface ToolQuestion {
  ask: string
  slot: string
  options: { label: string; send: string }[]
  blocks: Block[]
}

interface Common<I extends z.ZodType> {
  name: string
  skill: string
  version: number
  /** Verb phrase for the trace: "Checked GPUs". */
  title: string
  /** For models: when to use it. */
  description: string
  input: I
}

export interface ReadTool<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Common<I> {
  kind: 'read'
  /** Set: it only says that this cannot be done here yet, and this is the risk that doing it will have. */
  notYet?: Risk
  output: O
  run(args: z.output<I>, tool: ToolContext): Promise<ToolResult<z.output<O>>>
}

export type Preview =
  | { ok: true; content: PlanContent; say: string; focus?: Focus; demo: boolean; blocks?: Block[] }
  | { ok: false; question: ToolQuestion }
  /** It cannot be done, with what would work. */
  | { ok: false; say: string; blocks: Block[]; options: { label: string; send: string }[] }

/**
 * A write tool previews; the worker's plan steps execute, verify and compensate what it drafted. Every field below stands on the
 * tool itself, so that a tool which says nothing of rights, proof or the way back does not compile.
 */
export interface WriteTool<I extends z.ZodType = z.ZodType> extends Common<I> {
  kind: 'write'
  /** Floor set in code; policy may raise it, chat never lowers it. */
  risk: Risk
  /** Who may ask for it: checked before the preview, when the plan is stored, and again before every step. */
  authorize: { permission: Permission; words: string }
  /** The kinds of step that its plans may hold, and no others: each has a handler, a verification and a compensator of its own. */
  steps: readonly StepKind[]
  /** What is observed before its plan may say that it is done. "Accepted" is not "done". */
  verify: string
  /** The tool whose plan takes it back, or why nothing does. */
  undo: { tool: string; words: string } | { none: string }
  preview(args: z.output<I>, tool: ToolContext): Promise<Preview>
}

export type Tool = ReadTool | WriteTool

/** Keeps the types of input and output together; a tool is data plus one pure-reading function. */
export const readTool = <I extends z.ZodType, O extends z.ZodType>(tool: ReadTool<I, O>): ReadTool =>
  tool as unknown as ReadTool
/**
 * What a write tool says of itself holds for every caller: whoever may not ask for it is told so before anything is read, a plan
 * with steps that it does not name is a mistake of ours, and its risk is never below its floor.
 */
export const writeTool = <I extends z.ZodType>(tool: WriteTool<I>): WriteTool =>
  ({
    ...tool,
    preview: async (args: z.output<I>, context: ToolContext): Promise<Preview> => {
      requirePermission(context.ctx, tool.authorize.permission)
      const preview = await tool.preview(args, context)
      return preview.ok ? { ...preview, content: held(tool, preview.content) } : preview
    },
  }) as unknown as WriteTool

function held(tool: Pick<WriteTool, 'name' | 'risk' | 'steps'>, content: PlanContent): PlanContent {
  const stray = content.steps.find((step) => !tool.steps.includes(step.kind))
  if (stray) throw new Error(`${tool.name} drafted a step of kind ${stray.kind}, which it does not name.`)
  return RISKS.indexOf(content.risk) < RISKS.indexOf(tool.risk) ? { ...content, risk: tool.risk } : content
}
