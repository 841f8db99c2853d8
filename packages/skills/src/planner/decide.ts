import { withoutAside } from './aside'
import type { Scored } from './model'
import type { State } from './context'
import { CLAUSE_WITH_VERB, formFactor, pastesLog } from './structure'
import { isChange, isTool, toolRow } from './tools-table'
import { model, type Turn, turnBefore } from './turn'

export interface Decision {
  intent: string
  p: number
  ranked: readonly Scored[]
  /** Why nothing was chosen, where nothing was. */
  abstained?: 'unsure' | 'question' | 'negated' | 'foreign'
}

/**
 * How sure the planner must be: a change needs more than a look, and a clear lead over the next reading. Measured on sentences
 * whose neighbours were held out: of readings between 0.5 and 0.6 every second is wrong, between 0.6 and 0.7 three of ten, so
 * below 0.6 a question is the better answer.
 */
export const THRESHOLD = {
  read: 0.6,
  /** For the readings that attract what fits nowhere else. */
  broad: 0.8,
  change: 0.68,
  margin: 0.08,
  changeMargin: 0.2,
  outOfScope: 0.35,
  refuse: 0.85,
  /** A question is seldom an attempt to get round the rules. */
  refuseQuestion: 0.95,
  wonder: 0.85,
  elsewhere: 0.12,
  /** From here on strange words in a sentence are names and colour, not another subject. */
  certain: 0.9,
}

const BROAD = new Set<string>(['explain', 'help', 'health_report'])

const WONDERS = /^(?:(?:and|so|but|ok|well|hey|hi|also|then) )*(?:can|could|may|might) (?:i|we|one|it|this|that)\b/

const CONTEXT_PRIORS: readonly (readonly [(state: State) => boolean, readonly string[], number])[] = [
  [
    (s) => about(s, 'canary', /\bcanary|rollout|v\d+ p99\b/i),
    ['canary_status', 'canary_promote', 'canary_pause', 'rollback'],
    3,
  ],
  [(s) => about(s, 'batch', /\bbatch|nodes in parallel|\d\/\d succeeded/i), ['retry_batch', 'batch_status'], 3],
  [
    (s) => about(s, 'offers', /\boffers? for|\$\d|place (?:a )?bid|per gpu-?hour/i),
    ['market_bid', 'market_search', 'market_offer_create'],
    1.8,
  ],
  [(s) => about(s, 'report', /\breport\b/i), ['share_report', 'schedule_report'], 1.5],
  [
    (s) => s.focus.service !== undefined,
    ['scale_service', 'workload_status', 'expose_service', 'canary_start', 'autoscale_policy'],
    1.8,
  ],
  [
    (s) => s.focus.workload !== undefined,
    [
      'workload_status',
      'restart_workload',
      'stop_workload',
      'migrate_workload',
      'schedule_cron',
      'logs',
      'resume_workload',
    ],
    1.7,
  ],
  [(s) => s.focus.gpu !== undefined, ['diagnose_gpu', 'isolate_gpu'], 1.8],
  [(s) => s.focus.node !== undefined, ['drain_node', 'cordon_node', 'uncordon_node', 'incident_investigate'], 1.2],
  [(s) => s.pending.length > 0 || s.recommendation !== undefined, ['modify_plan', 'explain', 'reject'], 2.4],
  [(s) => s.pending.length === 0 && s.recommendation === undefined, ['modify_plan'], 0.15],
]

/** How much likelier the subject of the last question makes another sentence of the same skill. */
const SAME_SUBJECT = 1.8

/** The tools of the skill that the person's sentence before this one was about. */
function subjectOf(turn: Turn): readonly string[] {
  if (turn.state.lastUser === '') return []
  const before = model().classify(turnBefore(turn).delexicalised)[0]
  if (before === undefined || !isTool(before.label) || before.p < THRESHOLD.read) return []
  const { skill } = toolRow(before.label)
  return model().labels.filter((label) => isTool(label) && toolRow(label).skill === skill && !BROAD.has(label))
}

/** "2.4.0 may have the whole traffic now": a release that begins gets a small share; this one goes on. */
const WIDENS =
  /^(?!.*\b(?:start|begin|launch|try|test|deploy|roll ?out|release)\b).*\b(?:(?:the )?(?:whole|full|entire|rest of the|all(?: of)? the|half(?: of)? the|100|more) (?:traffic|requests?|users|load)|half of (?:the )?(?:traffic|requests|users))\b/

function about(state: State, key: string, words: RegExp): boolean {
  return state.focus[key] !== undefined || words.test(state.lastAssistant)
}

/** The classifier's ranking with what the talk makes likely. Untrusted tool output has no say in it. */
export function rank(turn: Turn): Scored[] {
  const scored = model().classify(withoutAside(turn.delexicalised))
  const factors = new Map<string, number>()
  for (const [applies, intents, factor] of CONTEXT_PRIORS) {
    if (applies(turn.state)) for (const intent of intents) factors.set(intent, (factors.get(intent) ?? 1) * factor)
  }
  for (const intent of subjectOf(turn)) factors.set(intent, (factors.get(intent) ?? 1) * SAME_SUBJECT)
  // Consent is read by a grammar alone; here its words only mean "unclear".
  const form = formFactor(turn, isPlainQuestion(turn, scored[0]?.p ?? 0))
  const raised = scored.map(({ label, p }) => ({
    label: label === 'approve' ? 'clarify' : label,
    p: p * (factors.get(label) ?? 1) * form(label),
  }))
  const merged = new Map<string, number>()
  for (const { label, p } of raised) merged.set(label, (merged.get(label) ?? 0) + p)
  // Where nothing waits, there is nothing to be made different: another reading is meant.
  if (turn.state.pending.length === 0 && turn.state.recommendation === undefined && turn.state.lastAssistant !== '')
    merged.delete('modify_plan')
  if (WIDENS.test(turn.line)) {
    merged.set('canary_promote', (merged.get('canary_promote') ?? 0) + (merged.get('canary_start') ?? 0))
    merged.delete('canary_start')
  }
  const total = [...merged.values()].reduce((sum, p) => sum + p, 0)
  return [...merged]
    .map(([label, p]) => ({ label, p: p / total }))
    .sort((a, b) => b.p - a.p || (a.label < b.label ? -1 : 1))
}

/** What is to be put into another language is no request of its own. */
const TRANSLATES = /^(?:(?:please|hey|can you|could you|claw) )*(?:translate|how (?:do|would) (?:i|you|one) say)\b/

/** The intent of a sentence by itself, or why there is none. */
export function decide(turn: Turn): Decision {
  const ranked = rank(turn)
  const top = ranked[0] ?? { label: 'clarify', p: 0 }
  const lead = top.p - (ranked[1]?.p ?? 0)
  if (isForeign(turn)) return { intent: 'clarify', p: top.p, ranked, abstained: 'foreign' }
  if (TRANSLATES.test(turn.line)) return { intent: 'out_of_scope', p: 1, ranked }
  if (top.label === 'out_of_scope') return outOfScope(turn, ranked)
  if (top.label === 'refuse')
    return top.p >= (isPlainQuestion(turn) ? THRESHOLD.refuseQuestion : THRESHOLD.refuse)
      ? { intent: 'refuse', p: top.p, ranked }
      : unsure(ranked)
  if (!isTool(top.label)) return top.p >= THRESHOLD.read ? { intent: top.label, p: top.p, ranked } : unsure(ranked)
  if (!inDomain(turn) && top.p < (top.label === 'help' ? 0.5 : 0.75)) return unsure(ranked)
  if (!isChange(top.label) && top.p < THRESHOLD.certain && speaksOfSomethingElse(turn))
    return (ranked.find(({ label }) => label === 'out_of_scope')?.p ?? 0) >= THRESHOLD.elsewhere
      ? { intent: 'out_of_scope', p: top.p, ranked }
      : unsure(ranked)
  if (!isChange(top.label))
    return top.p >= (BROAD.has(top.label) ? THRESHOLD.broad : THRESHOLD.read) && lead >= THRESHOLD.margin
      ? { intent: top.label, p: top.p, ranked }
      : unsure(ranked)
  if (isPlainQuestion(turn, top.p) || pastesLog(turn)) return questionInstead(ranked)
  // "can we train …" asks for it or only wonders: it must be clearer than a plain command.
  const needed = WONDERS.test(turn.line) ? THRESHOLD.wonder : THRESHOLD.change
  return top.p >= needed && lead >= THRESHOLD.changeMargin ? { intent: top.label, p: top.p, ranked } : unsure(ranked)
}

/** "do you know a good barber": the form of a question for us, about a thing that no example ever named. */
function speaksOfSomethingElse(turn: Turn): boolean {
  if (domainEvidence(turn).count > 0 || turn.entities.length > 0) return false
  // Behind something that was said, a short question is about that.
  if (turn.state.lastAssistant !== '' && turn.tokens.length <= 8) return false
  return turn.tokens.some((token) => /^[a-z]{4,}$/.test(token) && !model().knows(token))
}

function unsure(ranked: readonly Scored[]): Decision {
  return { intent: 'clarify', p: ranked[0]?.p ?? 0, ranked, abstained: 'unsure' }
}

function outOfScope(turn: Turn, ranked: readonly Scored[]): Decision {
  const p = ranked[0]?.p ?? 0
  const margin = p - (ranked[1]?.p ?? 0)
  const { best, count } = domainEvidence(turn)
  if (p >= (count === 0 ? THRESHOLD.outOfScope : best ? 0.92 : 0.5) && (margin >= 0.1 || count === 0))
    return { intent: 'out_of_scope', p, ranked }
  return unsure(ranked)
}

/** "Questions never become changes": the best reading that only looks, when one is likely enough. */
function questionInstead(ranked: readonly Scored[]): Decision {
  const looks = ranked.filter(({ label }) => !isChange(label))
  const best = looks[0]
  const mass = looks.reduce((sum, { p }) => sum + p, 0)
  if (best !== undefined && isTool(best.label) && best.p / Math.max(mass, 1e-9) >= 0.5 && best.p >= 0.04)
    return { intent: best.label, p: best.p / mass, ranked }
  return { intent: 'clarify', p: ranked[0]?.p ?? 0, ranked, abstained: 'question' }
}

const ASKING =
  /^(?:(?:and|so|but|ok|well|hey|hi|hello|please|claw|um|hm+|also|then|wait|quick question) )*(?:what|why|when|who|whom|whose|which|where|how|is|are|was|were|did|does|has|should|shall|am|(?:do|have) (?:i|we|you|they|any|our|my|those|these)|would (?:it|that|this|you recommend|you advise))\b/
const REQUEST =
  /^(?:(?:and|so|but|ok|well|hey|hi|hello|please|also|then) )*(?:how about|what about|why do not (?:you|we)|what if you|is it possible (?:for you )?to|is there (?:any )?(?:a )?(?:way|chance) (?:you|we) (?:could|can)|are you able to|when you (?:can|have|get)|when (?:it|the \w+|zzname|zznode|a \w+|\w+) (?:\w+ )*?(?:crash|fail|die|hang|goes|is|finish|gets|stop|fall|drop|break|disappear|overheat|throttl|vanish|freez|restart|reboot)\w*|should zzname|should it|what i (?:want|need) is|where possible|whenever|which is why)\b/
const CAN_I =
  /^(?:(?:and|so|but|ok|well|hey|hi|please|also|then) )*(?:can|could|may|might|would|will) (?:i|we|it|this|that|they|one|anyone|somebody|zzname|zznode|the|a|an|my|our|there|gpu)\b/
const CAN_WE = /^(?:(?:and|so|but|ok|well|hey|hi|please|also|then) )*(?:can|could) (?:i|we)\b/
const CAN_I_REQUEST =
  /^(?:(?:and|so|but|ok|well|hey|hi|please|also|then) )*(?:can|could|may|would) (?:i|we) (?:please )?(?:get|have|rent|lease|sell|make|earn|also|add|start|deploy|set|use|put|move|schedule|see|invite|offer|do that|do it|host|try|train|monetize|loan|expose|open|scale|switch|bring|store|give|create|retry|promote|go|roll|book|bid|take|buy|not|reserve|share|send|skip|just)\b/

/** "did somebody ever make one? cant find it": a question, and behind it a remark. */
const REMARK =
  /^(?:i |we |it |that |this |they |there |my |our |not |no |can'?t |cannot |could(?:n'?t| not) |just |only )/

function questionOf(sentences: readonly string[]): string | undefined {
  const before = sentences.at(-2)?.trim()
  return before?.endsWith('?') === true && REMARK.test((sentences.at(-1) ?? '').trim()) ? before : undefined
}

/** "old or new build, which one has the better time to first token": the question stands behind what it is about. */
const ASKS_BEHIND =
  /[,;:] (?:and |so )?(?:which (?:one|of|node|gpu|card|version|build|job|service|workload|is (?:better|faster|cheaper|hotter|it))|what (?:is|are|was|were|does|do|did|would|will|happened)|who (?:is|are|was|were|has|did|does|made|owns|uses|asked)|whose|how (?:many|much|long|far|often)|why) /

/** "just asking, not doing: …" */
const ONLY_ASKING =
  /\b(?:just|only|merely) (?:asking|curious|theoretical|hypothetical)\b|\b(?:hypothetically|purely theoretical)\b/

/** True where the last sentence asks about the world instead of asking for something to be done. */
export function isPlainQuestion(turn: Turn, sureness = 0): boolean {
  const sentences = turn.delexicalised.split(/(?<=[.?!]) +/).filter((sentence) => /[a-z]/.test(sentence))
  const last = questionOf(sentences) ?? (sentences.at(-1) ?? turn.delexicalised).trim()
  const line = last
    .replace(/'s\b/g, ' is')
    .replace(/n't\b/g, ' not')
    .replace(/[^a-z0-9? ]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (ONLY_ASKING.test(turn.line)) return true
  if (ASKS_BEHIND.test(last) && !CLAUSE_WITH_VERB.test(last)) return true
  if (REQUEST.test(line)) return false
  if (ASKING.test(line)) return true
  // "can we upgrade it safely" asks for it; the examples hold those that only wonder, so a sure reading counts.
  if ((sureness >= 0.8 && CAN_WE.test(line)) || (sureness >= 0.88 && /^(?:can|could) /.test(line))) return false
  return CAN_I.test(line) && !CAN_I_REQUEST.test(line)
}

const DOMAIN_WORDS =
  /\b(?:zz\w+|queued|unreachable|approval queue|stuff|signed|login|logins|logged|crontab|vols?|accelerators?|idle|busy|nightly|hourly|weekly|daily|sync|cleanup|unused|finished|proposals?|warnings?|conversion|processing|gpus?|cards?|vram|nodes?|machines?|servers?|cluster|fleet|jobs?|workloads?|train(?:ing|ings)?|finetun\w*|models?|checkpoints?|replicas?|services?|endpoints?|api|deploy\w*|canary|rollout|rollback|roll|traffic|schedules?|cron|logs?|alerts?|alarms?|reports?|offers?|listing|market\w*|molt|bids?|leases?|rent\w*|secrets?|tokens?|keys?|volumes?|storage|disks?|latency|throughput|utilization|ecc|xid|nccl|cuda|oom|drain\w*|cordon\w*|uncordon\w*|migrat\w*|restart\w*|scal\w+|batch\w*|plans?|approv\w*|queue|health|status|costs?|spend\w*|spent|errors?|ingress|routes?|users?|members?|roles?|audit|versions?|autoscal\w*|kernel|driver|incident|outage|inference|dataset|image|container|pending|running|retry|rerun|resume|restore|revert|promote|help|hello|hi|hey|thanks|thank|you|why|explain|provider|capacity|hardware|billing|bill|budget|reboot|script|hosts?|boxes?|experiment|run|runs|latest|credentials?|password|member|backups?|snapshots?|it|that|this|those|them|everything|anything|something|again|commands?|overview|summary|revenue|earn\w*|pay|paid|profit\w*|money|loss|epoch|eta|url|docs|manual|tutorial|menu|sitrep|dashboard)\b/

/** True where the sentence has at least one word of this domain or points at the talk. */
function inDomain(turn: Turn): boolean {
  return DOMAIN_WORDS.test(turn.tokens.map((token) => model().correct(token)).join(' '))
}

const STRONG_WORDS =
  /^(?:zz(?!num|time|dur|money|pct)\w+|gpus?|vram|nodes?|cluster|fleet|workloads?|replicas?|checkpoints?|canary|rollout|crontab|cron|vols?|volumes?|molt|ecc|xid|nccl|cuda|ingress|endpoint|unallocated|deploy\w*|training|inference)$/

/** How much of the sentence belongs to this domain; "best" where a word of it belongs nowhere else. */
function domainEvidence(turn: Turn): { count: number; best: boolean } {
  const words = turn.tokens.map((token) => model().correct(token))
  return {
    count: words.filter(
      (word) =>
        DOMAIN_WORDS.test(word) &&
        !/^(?:it|that|this|those|them|again|anything|something|everything|run|runs|why|help|users?|thanks?|you)$/.test(
          word,
        ),
    ).length,
    best: words.some((word) => STRONG_WORDS.test(word)),
  }
}

/** Most words unknown: another language, or noise. The planner says which language it reads. */
export function isForeign(turn: Turn): boolean {
  const words = turn.tokens.filter((token) => token !== '?' && !token.startsWith('zz') && !/^\d+$/.test(token))
  if (
    /[^\x00-\x7f]{2,}/.test(turn.delexicalised) &&
    words.filter((word) => /[^\x00-\x7f]/.test(word)).length / Math.max(1, words.length) > 0.4
  )
    return true
  if (words.length < 3) return false
  return model().knownShare(words) < 0.34
}

export function nearestTools(ranked: readonly Scored[], count = 3): string[] {
  return ranked
    .filter(({ label }) => isTool(label))
    .slice(0, count)
    .map(({ label }) => label)
}

/** How likely the third reading must be beside the first to be worth a button. */
const NEAR = 0.2

/** The two or three readings between which a person should choose: the likeliest two, and a third that is not far behind. */
export function nearReadings(ranked: readonly Scored[]): string[] {
  const tools = ranked.filter(({ label }) => isTool(label))
  const best = tools[0]?.p ?? 0
  return tools.filter(({ p }, i) => i < 2 || (i === 2 && p >= best * NEAR)).map(({ label }) => label)
}
