import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { ToolCallRecord } from '@clawbernetes/services/chat/record-tool-call'
import type { Dialogue } from '@clawbernetes/services/chat/claim-run'

/** What the tools of one turn brought, in order; the answer is made of it. */
export interface TurnCollector {
  blocks: Block[]
  dialogue: Dialogue
  untrusted: string[]
  calls: number
  /** Plans that this turn has proposed or found. */
  plans: string[]
  /** Steps taken that are told of together with the answer; null: each is told of as it ends, because the turn takes a while. */
  steps: ToolCallRecord[] | null
  /** Tells whoever looks how the answer begins, while the rest of it is made and stored. */
  say: ((beginning: string) => Promise<void>) | null
}

export const newCollector = (dialogue: Dialogue): TurnCollector => ({
  blocks: [],
  // A question or recommendation holds for one answer only.
  dialogue: { focus: dialogue.focus ?? {}, ...(dialogue.then ? { then: dialogue.then } : {}) },
  untrusted: [],
  calls: 0,
  plans: [],
  steps: [],
  say: null,
})
