import type { HeldSteps } from '@clawbernetes/services/chat/claim-run'
import type { TurnCollector } from './turn-collector'

/** Takes the steps that waited for this plan's end out of the conversation. undefined: none did. */
export function takeHeld({ dialogue }: TurnCollector, planId: string): HeldSteps | undefined {
  const held = dialogue.then?.find((next) => next.planId === planId)
  if (held) dialogue.then = dialogue.then?.filter((next) => next !== held)
  return held
}
