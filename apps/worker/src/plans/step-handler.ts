import type { ClaimedStep } from '@clawbernetes/services/plans/claim-step'
import type { Prisma, SystemCtx } from '@clawbernetes/services/context'
import type { StepArgs, StepKind } from '@clawbernetes/protocol/plans/steps'

export interface StepContext<K extends StepKind> {
  sys: SystemCtx
  step: ClaimedStep
  args: StepArgs<K>
}

/** What the world says of a step, from what is observed and never from what was asked for. */
export type Observed =
  | { is: 'so'; words: string; facts: { label: string; value: string }[]; result?: Prisma.InputJsonObject }
  /** `lookAgainMs`: where nobody rings when it changes. */
  | { is: 'not-yet'; words: string; lookAgainMs?: number }
  /** It will not come about: the plan ends, what is unfinished is taken back. */
  | { is: 'never'; code: string; words: string }

/**
 * One kind of step. "Accepted" is not "done": a step has succeeded only when `verify` has seen it.
 */
export interface StepHandler<K extends StepKind> {
  /**
   * Makes it so, or asks for it. May be called again at every look and after any crash: it must find what an earlier call did
   * (the step's id is the idempotency key). Throws `conflict` when the world does not allow it, anything else to be tried again.
   * null: the step only looks.
   */
  act: ((ctx: StepContext<K>) => Promise<void>) | null
  verify(ctx: StepContext<K>): Promise<Observed>
}
export type StepHandlers = { [K in StepKind]: StepHandler<K> }

/** Milliseconds since the step began, over all its attempts. */
export const waitedMs = ({ sys, step }: StepContext<StepKind>): number => sys.now().getTime() - step.startedAt.getTime()

export const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
