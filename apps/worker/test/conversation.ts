import { decide } from '@clawbernetes/services/approvals/decide'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import type { Ctx } from '@clawbernetes/services/context'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import type { RealParts } from './real-parts'
import { until } from './until'

const ANSWER_MS = 60_000
const PLAN_MS = 120_000

/** A person who talks to the real product and decides on its cards. */
export class Conversation {
  #threadId: string | null = null
  #count = 0

  constructor(
    private readonly parts: RealParts,
    readonly ctx: Ctx,
  ) {}

  static ana(parts: RealParts): Conversation {
    return new Conversation(parts, {
      db: parts.db,
      now: () => new Date(),
      actor: { kind: 'person', userId: 'usr_ana', userName: 'Ana', orgId: parts.orgId, role: 'owner', via: 'web' },
    })
  }

  /** Sends a sentence and waits for its answer. */
  async say(text: string): Promise<{ text: string; planId: string | null }> {
    const clientKey = `talk-${process.pid}-${this.#count++}-${Math.random()}`
    const sent = await sendMessage({ ctx: this.ctx, input: { threadId: this.#threadId, text, clientKey } })
    this.#threadId = sent.threadId
    const answer = () =>
      this.parts.db.message.findFirst({ where: { runId: sent.runId, role: 'agent', state: 'complete' } })
    await until(
      `"${text}" is answered`,
      async () => (await answer()) !== null,
      ANSWER_MS,
      () => this.parts.output(),
    )
    const message = await answer()
    const blocks = (message?.blocks ?? []) as { type: string; planId?: string }[]
    return { text: message?.text ?? '', planId: blocks.find((b) => b.type === 'plan')?.planId ?? null }
  }

  plan(planId: string): Promise<PlanView> {
    return readPlan({ ctx: this.ctx, input: { planId } })
  }

  async approve(planId: string, typedName: string | null = null): Promise<string> {
    const { revision, digest } = await this.plan(planId)
    const { state } = await decide({
      ctx: this.ctx,
      input: { planId, revision, digest, decision: 'approve', typedName },
    })
    return state
  }

  /** Waits until the plan is over and returns it. */
  async over(planId: string): Promise<PlanView> {
    const open = ['proposed', 'approved', 'running', 'compensating']
    await until(
      `plan ${planId} is over`,
      async () => !open.includes((await this.plan(planId)).state),
      PLAN_MS,
      () => this.parts.output(),
    )
    return this.plan(planId)
  }
}
