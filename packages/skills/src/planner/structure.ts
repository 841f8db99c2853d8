import { all } from './entities/entity'
import { isBareAdverb } from './entities/times'
import { isChange } from './tools-table'
import type { Turn } from './turn'

/** What the form of a sentence makes likelier or less likely, whatever its words. */
interface Form {
  applies: (turn: Turn) => boolean
  intents: readonly string[] | 'changes'
  factor: number
}

const LEAD = '(?:(?:and|so|but|ok|okay|well|hey|hi|hello|please|also|then|wait|claw) )*'
const asks = (pattern: string): RegExp => new RegExp(`^${LEAD}${pattern}`)

const HOW_TO = asks(
  '(?:(?:how|where) (?:do|can|could|would|should|might) (?:i|we|one|you|someone|somebody|people)|how does one|how to|what is the (?:way|command|syntax) (?:to|for)|is there (?:a |any )?way (?:to|for)|explain how to|show me how to|teach me (?:how )?to|walk me through)\\b',
)
const HOW_YOU =
  /\bhow (?:do|did|can|could|would|will) you (?:know|decide|calculate|compute|get|come|arrive|choose|pick|work|measure|figure|determine|reach)\b/
const SHOULD = asks(
  '(?:should (?:i|we|you|it)|is it (?:safe|ok|okay|wise|risky|dangerous|worth|a good idea|better|necessary)|would it be (?:safe|ok|okay|wise|better|risky)|do (?:you|we) (?:recommend|advise|suggest|need to|have to|really)|what (?:happens|would happen|will happen|if)|does it make sense)\\b',
)
const WHO_DID = asks(
  'who (?:approved|authori[sz]ed|drained|restarted|stopped|killed|deleted|moved|scaled|changed|started|deployed|cancelled|cordoned|migrated|gave (?:the|permission)|agreed|signed off|rejected|did)\\b',
)
const NO_LONGER = /\b(?:no longer|any ?more|any longer|no more|not needed|no need|do without|obsolete|useless)\b/
const STOPS = asks(
  '(?:(?:can|could) (?:you|we) )?(?:stop|quit|cease|disable|deactivate|discontinue|unschedule|cancel|end|kill|drop|ditch|no more)\\b',
)
const SWITCHED_OFF = /\b(?:turn|switch|shut)\b.*\boff\b/

function hasSchedule(turn: Turn): boolean {
  return all(turn.entities, 'schedule').some(
    (entity) => !isBareAdverb(entity.text) || entity.end >= turn.text.replace(/[.!? ]+$/, '').length,
  )
}

const FORMS: readonly Form[] = [
  { applies: (turn) => HOW_TO.test(turn.line) && !HOW_YOU.test(turn.line), intents: ['help'], factor: 6 },
  { applies: (turn) => HOW_TO.test(turn.line), intents: 'changes', factor: 0.1 },
  { applies: (turn) => SHOULD.test(turn.line), intents: ['explain'], factor: 6 },
  { applies: (turn) => WHO_DID.test(turn.line), intents: ['list_plans'], factor: 3 },
  {
    applies: (turn) => hasSchedule(turn) && !/\breports?|summary|digest|status\b/.test(turn.line),
    intents: ['schedule_cron', 'schedule_delete'],
    factor: 3,
  },
  {
    applies: hasSchedule,
    intents: ['run_batch', 'restart_workload', 'snapshot_volume', 'deploy_training', 'retry_batch'],
    factor: 0.3,
  },
  {
    applies: (turn) => NO_LONGER.test(turn.line) || STOPS.test(turn.line) || SWITCHED_OFF.test(turn.line),
    intents: ['schedule_cron', 'market_offer_create', 'autoscale_policy', 'deploy_inference'],
    factor: 0.15,
  },
]

/** The factor by which the sentence's form changes the likelihood of each intent. */
export function formFactor(turn: Turn, asking: boolean): (intent: string) => number {
  const active = FORMS.filter((form) => form.applies(turn))
  return (intent) => {
    let factor = asking && isChange(intent) ? 0.15 : 1
    for (const form of active)
      if (form.intents === 'changes' ? isChange(intent) : form.intents.includes(intent)) factor *= form.factor
    return factor
  }
}
