import { all } from './entities/entity'
import { isBareAdverb } from './entities/times'
import { conceptsOf } from './concepts'
import { isChange } from './tools-table'
import type { Turn } from './turn'
import { stem } from './words'

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

/** "it", "that one": a word that points, and something in the talk that it can point at. */
function pointsAtSomething(turn: Turn): boolean {
  const { refs } = turn.state
  return (
    (turn.tokens.length <= 3 || /\b(?:it|its|that|this|them|there|one|both)\b/.test(turn.line)) &&
    [refs.node, refs.gpu, refs.workload, refs.service, refs.batch, refs.canary, refs.offer].some(
      (ref) => ref !== undefined,
    )
  )
}

const TROUBLE = new Set(['stuck', 'crash', 'down', 'errors', 'problem'])
const TELLS =
  /^(?:(?:so|hey|hi|hello|well|help|sorry|ok|um|guys|team|again|since \w+|now|still) )*(?:zz\w+|the|our|my|a|an|one|some|all|training|trainings|jobs?|gpus?|nodes?|users?|customers?|everything|something|requests?|inference|it|this|that|there|i|we)\b/
/** A clause that gives an order of its own. */
export const CLAUSE_WITH_VERB =
  /(?:^|[,.;] |\band |\bso |\bthen |\bplease )(?:please |just |can you |could you |can we |let us |you can |you may |you could |feel free to |go ahead and )*(?:restart|reboot|stop|kill|drain|move|migrate|cordon|isolate|quarantine|take|put|get|run|deploy|start|scale|roll|revert|retry|resume|remove|delete|bring|evacuate|give|add|relaunch|rerun|bounce|make|set|keep|alert|tell|warn|notify|ping|page|go back|pause|empty)\b/

/** A sentence that tells of trouble and asks for no change: "training on node-03 froze and the GPUs show 0 %". */
function tellsOfTrouble(turn: Turn): boolean {
  if (!TELLS.test(turn.line) || /\b(?:when|whenever|if|once|should|in case|whether)\b/.test(turn.line)) return false
  if (CLAUSE_WITH_VERB.test(turn.text.toLowerCase())) return false
  return conceptsOf(turn.tokens.map(stem))
    .flat()
    .some((concept) => TROUBLE.has(concept))
}

/** A line that a machine wrote stands in the sentence: "[rank3]: Watchdog caught …", "CUDA out of memory <- what is that". */
const PASTED_LOG =
  /\[rank ?\d+\]|\bwatchdog caught\b|\bTraceback \(most recent|\bNVRM: |\bNCCL (?:WARN|error)|\b(?:Runtime|Value|Type|Key|Import|OS|OutOfMemory)Error\b|\bCUDA (?:error|out of memory)\b|\bexit(?:ed)? (?:code|status) \d+\b|\b(?:ERROR|FATAL|WARN|panic)[:\] ]|\d{2}:\d{2}:\d{2}[., ]/
export const pastesLog = (turn: Turn): boolean =>
  PASTED_LOG.test(turn.text) && !CLAUSE_WITH_VERB.test(turn.text.toLowerCase())

/** "why node-02 of all machines", "why four": a choice that was made, not a state that is. */
const WHY_THIS = asks(
  '(?:but )?why (?:just |only |exactly )?(?:the |that |this |those |these )?(?:zznode|zzname|zzmodel|zzgputype|zzpct|zznum|gpu|one|two|three|four|eight|node|it|not)\\b(?! (?:is|are|was|were|does|did|has|have|keeps?|fails?|crash\\w*|stuck|pending|down|slow))',
)
/** Questions that a waiting card calls for: who is hit, what it costs, whether there is another way. */
const WAITING_WHY = asks(
  '(?:who|what|which|how|why|is|are|will|would|does|do|did|can)\\b.*(?:\\b(?:lose|loses|affected|hit|hurt|happen|happens|instead|else|alternative|option|options|other way|cost|costs|risk|risky|safe|long|undo|undone|back|that runs|if (?:i|we|that|it)|gentler|cheaper|better|sure|certain)\\b)',
)
const waits = (turn: Turn): boolean => turn.state.pending.length > 0 || turn.state.recommendation !== undefined

/** "monthly cost report to cfo@acme.com": a report, a rhythm, and where it goes. */
function regularPost(turn: Turn): boolean {
  return (
    /\b(?:reports?|summary|digest|overview|status|statistics|mail)\b/.test(turn.line) &&
    /\b(?:zzemail|zzchannel|mail|email|send|post|deliver|inbox)\b/.test(turn.line) &&
    all(turn.entities, 'schedule').length > 0
  )
}

/** A bid needs something to bid on: an offer in the talk, a provider, a price, or a word of the market. */
function speaksOfOffers(turn: Turn): boolean {
  const { state } = turn
  return (
    state.focus.offers !== undefined ||
    state.refs.provider !== undefined ||
    state.refs.offer !== undefined ||
    state.recommendation?.intent === 'market_bid' ||
    turn.entities.some(
      (entity) => entity.kind === 'provider' || entity.kind === 'offerId' || entity.kind === 'money',
    ) ||
    /\b(?:bids?|offers?|molt|market\w*|rent\w*|lease\w*|book|buy|purchase|provider|reserve)\b/.test(
      `${turn.line} ${state.lastAssistant.toLowerCase()}`,
    )
  )
}

/** Something of this product is spoken of: without it "should I" asks about life. */
function hasSubject(turn: Turn): boolean {
  return (
    turn.entities.length > 0 ||
    turn.state.pending.length > 0 ||
    turn.state.recommendation !== undefined ||
    turn.state.lastAssistant !== '' ||
    turn.tokens.length <= 4 ||
    /\b(?:plans?|nodes?|gpus?|cards?|jobs?|workloads?|trainings?|services?|it|that|this|drain\w*|restart\w*|migrat\w*|deploy\w*|scal\w+|rent\w*|sell|buy|approv\w*|fleet|cluster|risk\w*|safe|cordon\w*)\b/.test(
      turn.line,
    )
  )
}

/** "LOG_LEVEL=debug": a variable in capitals; "zone=b" is a label. */
const assigned = (turn: Turn, kind: 'variable' | 'label'): boolean =>
  all(turn.entities, 'assignment').some(({ value }) => /^[A-Z][A-Z0-9_]+$/.test(value.key) === (kind === 'variable'))

/** "can you fine-tune it": asks us to do it; whether it fits is asked in other words. */
const ASKS_US = asks(
  '(?:can|could|will|would) you (?!tell|show|see|find|check|explain|give|list|say|help|look|read|name)\b',
)

const FORMS: readonly Form[] = [
  { applies: (turn) => ASKS_US.test(turn.line), intents: ['capacity_check', 'explain', 'help'], factor: 0.25 },
  { applies: (turn) => !speaksOfOffers(turn), intents: ['market_bid'], factor: 0.4 },
  { applies: (turn) => assigned(turn, 'variable'), intents: ['set_config'], factor: 5 },
  {
    applies: (turn) => all(turn.entities, 'assignment').some(({ value }) => /^replicas$/i.test(value.key)),
    intents: ['scale_service'],
    factor: 40,
  },
  {
    applies: (turn) => assigned(turn, 'label') && all(turn.entities, 'node').length > 0,
    intents: ['label_node'],
    factor: 4,
  },
  { applies: pointsAtSomething, intents: ['clarify', 'help', 'out_of_scope'], factor: 0.35 },
  { applies: (turn) => WHY_THIS.test(turn.line), intents: ['explain'], factor: 6 },
  { applies: (turn) => WAITING_WHY.test(turn.line) && waits(turn), intents: ['explain'], factor: 5 },
  { applies: regularPost, intents: ['schedule_report'], factor: 6 },
  { applies: pastesLog, intents: ['incident_investigate', 'diagnose_gpu', 'explain', 'logs'], factor: 6 },
  { applies: tellsOfTrouble, intents: 'changes', factor: 0.12 },
  { applies: tellsOfTrouble, intents: ['incident_investigate', 'diagnose_gpu'], factor: 4 },
  { applies: tellsOfTrouble, intents: ['list_workloads', 'list_nodes', 'list_gpus'], factor: 0.3 },
  { applies: (turn) => all(turn.entities, 'planId').length > 0, intents: ['explain'], factor: 3 },
  { applies: (turn) => all(turn.entities, 'planId').length > 0, intents: ['help', 'list_workloads'], factor: 0.1 },
  { applies: (turn) => HOW_TO.test(turn.line) && !HOW_YOU.test(turn.line), intents: ['help'], factor: 6 },
  { applies: (turn) => HOW_TO.test(turn.line), intents: 'changes', factor: 0.1 },
  { applies: (turn) => SHOULD.test(turn.line) && hasSubject(turn), intents: ['explain'], factor: 6 },
  { applies: (turn) => SHOULD.test(turn.line) && !hasSubject(turn), intents: ['explain', 'clarify'], factor: 0.1 },
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

// The model has learned most forms from examples: the hand-made factors only lean.
const FORM_WEIGHT = 0.3

/** The factor by which the sentence's form changes the likelihood of each intent. */
export function formFactor(turn: Turn, asking: boolean): (intent: string) => number {
  const active = FORMS.filter((form) => form.applies(turn))
  return (intent) => {
    let factor = asking && isChange(intent) ? 0.15 : 1
    for (const form of active)
      if (form.intents === 'changes' ? isChange(intent) : form.intents.includes(intent)) factor *= form.factor
    return factor ** FORM_WEIGHT
  }
}
