/**
 * Sentences that mean the emergency stop and nothing else. A closed grammar, no model: "stop everything" or "halt all jobs" speak
 * of workloads and go to the planner.
 */
const POLITE = '(?:please |now |quick(?:ly)? |immediately )?'
const PULL = '(?:pull |hit |press |push |trigger |activate |engage |use )?(?:the )?'
const STOP = '(?:emergency[ -]stop|kill[ -]switch|panic button|e-stop)'
const FREEZE =
  "(?:freeze|halt|stop|pause|suspend) (?:everything (?:the agent|you) (?:does?|(?:is|are) doing)|(?:the|all|every) agents?|every agent action|all (?:of )?(?:your|the agent’s|the agent's|agent) actions?|yourself|all automation)"
const MEANS = new RegExp(`^${POLITE}(?:${PULL}${STOP}|${FREEZE}|freeze everything)(?: now| please| immediately)?$`)

export const meansEmergencyStop = (text: string): boolean =>
  MEANS.test(
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[!.\s]+/g, ' ')
      .trim(),
  )

const LIFT = '(?:lift|release|end|undo|cancel|remove|reset|clear|turn off|switch off|unpull)'
const ABOUT = new RegExp(
  `^(?:please |can you |could you )?(?:${LIFT} (?:the |that )?(?:${STOP}|freeze)|unfreeze(?: yourself| the agents?| everything)?)(?: now| please| again)?$` +
    `|^(?:(?:so |hey |and )?(?:are you|is the agent|is everything|is the fleet) (?:frozen|halted|stopped)|is the ${STOP} (?:on|off|active|pulled|still on)|who (?:pulled|pressed|hit) the ${STOP}|why (?:are you|is everything) frozen)(?: now| right now)?[?]?$`,
)

/** Sentences that ask whether the emergency stop is on, or to lift it. */
export const isAboutEmergencyStop = (text: string): boolean =>
  ABOUT.test(
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[!.\s]+/g, ' ')
      .trim(),
  )

/** What the chat answers: it only points. Stopping everybody's work for a misread sentence is not undone by the asker alone. */
export const EMERGENCY_WORDS =
  'The emergency stop is not pulled by a sentence: use Stop… in the header, or press ! outside of a text field. It freezes every action of mine for the whole organisation at once; what runs keeps running, and an administrator lifts it. To stop workloads instead, say which: "stop fine-tune-llama".'
