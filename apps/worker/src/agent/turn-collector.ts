import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { Dialogue } from '@clawbernetes/services/chat/claim-run'

/** What the tools of one turn brought, in order; the answer is made of it. */
export interface TurnCollector {
  says: string[]
  blocks: Block[]
  dialogue: Dialogue
  untrusted: string[]
  calls: number
  /** Plans that this turn has proposed or found. */
  plans: string[]
}

export const newCollector = (dialogue: Dialogue): TurnCollector => ({
  says: [],
  blocks: [],
  // A question or recommendation holds for one answer only.
  dialogue: { focus: dialogue.focus ?? {} },
  untrusted: [],
  calls: 0,
  plans: [],
})
