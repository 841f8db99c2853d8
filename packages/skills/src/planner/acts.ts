/**
 * Consent and refusal are read by a closed grammar, never by the classifier: a sentence is consent only when
 * every word of it belongs to a phrase of consent. What is left over decides what else it may be.
 */
export type ActKind = 'affirm' | 'affirm_plus' | 'weak' | 'deny' | 'deny_plus' | 'none'

export interface ActReading {
  kind: ActKind
  /** What stands behind the words of consent or refusal, without connecting words. */
  rest: string
  /** The connecting word that was passed ("but", "if", "first"): it takes consent away. */
  condition: boolean
  /** The plan or kind of plan that the sentence names: "approve plan-12", "approve the drain". */
  named?: string
}

const THING =
  '(?:it|that|this|them|these|the plan|this plan|that plan|the change|this change|the proposal|the card|the request|this one|that one|the recommendation|your (?:plan|recommendation|suggestion|proposal)|the action|plan zzplan|zzplan)'
const GOODNESS =
  '(?:good|fine|ok|okay|right|correct|great|perfect|reasonable|sensible|alright|all right|acceptable|excellent|ok with me|what i want|what i wanted|exactly what i want|the right (?:thing|call|choice)|a good (?:idea|plan|call))'

const STRONG: readonly RegExp[] = [
  /^(?:yes+|yep+|yup+|yeah+|yea|yeh|yess+|yse|yas|ye|yesss*|aye|affirmative|sure thing|sure|shure|absolutely|definitely|certainly|of course|totally|indeed|by all means|roger that|roger|ja bitte|very well)\b/,
  new RegExp(
    `^(?:please )?(?:i (?:hereby )?)?(?:approve|aprove|apporve|approv|confirm|confrim|accept|agree|authori[sz]e|consent)(?:d|ed)?(?: to)?(?: ${THING})?\\b`,
  ),
  /^(?:granted|authori[sz]ed|permission granted|consider it approved|you have my (?:approval|ok|okay|blessing|permission|go|consent)|that is a yes|it is a yes|that is approved|it is approved|green light|greenlight|thumbs up|all clear)\b/,
  /^(?:please )?(?:go ?ahead|go ahed|goahead|go for it|go with (?:it|that|this|the plan|your (?:plan|recommendation|suggestion))|proceed|procede|proceeed|make it so|make it happen|ship it|send it|fire away|let us (?:do (?:it|that|this)|go|go for it|proceed|go ahead)|do (?:it|that|this|so)|please do|you may(?: proceed| go ahead)?|you can (?:proceed|go ahead|do (?:it|that)|start)|go(?! (?:back|to|on|down|up|through|over|with|from|for|into|all|further|live)\b))\b/,
  new RegExp(
    `^(?:execute|run|apply|implement|perform|carry out|start|launch)(?: ${THING})(?! (?:again|later|every))\\b|^(?:execute|apply|start|begin)$`,
  ),
  /^(?:that |this |it |the plan |your plan |all )?(?:sounds|looks|seems|looking|soudns|souds) (?:really |very |pretty |all )?(?:good|great|fine|right|ok|okay|perfect|reasonable|sensible|correct|excellent)(?: to me| here)?\b|^lgtm\b/,
  new RegExp(
    `^(?:that|this|it|the plan|this plan|your plan|the proposal|the suggestion|your suggestion|everything)(?: is| all)? ${GOODNESS}(?: (?:with|by|for|to) me)?\\b`,
  ),
  /^(?:it |that |this |all )?is (?:ok|okay|fine|good|alright|all right|perfect)(?: (?:for|with|by) (?:me|us))?\b/,
  /^(?:that |this |it )?works(?: for me| for us)?\b|^(?:fine|good|ok|okay) (?:by|with|for) me\b|^why not(?=$| (?:go|do|let|please|ok|yes|sure|proceed)\b)|^i am (?:ok|okay|fine|good|happy) (?:with (?:it|that|this)|to proceed)\b|^i am (?:sure|certain|positive)\b|^i am in\b|^(?:👍|✅|👌|🆗|🚀|✔|💯)+/u,
]
const WEAK =
  /^(?:go on then|go on|ok|okay|okey|okie|oki|k|kk|alright|all right|fine|right|good(?! (?:morning|evening|afternoon|night|day)\b)|great|cool|nice|perfect|excellent|wonderful|awesome|correct|exactly|understood|got it|noted|fair enough|very good|makes sense|happy with (?:that|it|this))\b/
const PLAIN_OK = /^(?:(?:ok|okay|okey|okie|oki|k|kk|alright|all right|fine|please|then|now|do) ?)+$/
const FILLER =
  /^(?:please|now|then|just|so|well|oh|ah|uh+|um+|hm+|er+m?|ja|and|thanks a lot|many thanks|thanks|thank you|agent|claw|clawbernetes|bot|man|mate|buddy|for me|for us|right away|right now|immediately|as planned|as proposed|as you (?:suggested|proposed|recommended|said)|as suggested|as recommended|as described|with (?:it|that|this|the plan)|the plan|that plan|this plan|with zzplan|to zzplan|to (?:it|that|this|the plan|all of (?:it|that))|for zzplan|zzplan|quickly|i (?:have )?(?:read|checked|reviewed) (?:it|the plan|everything)|team|sir|already|exactly|at once|in that case)(?=\s|$)/
const CONDITION =
  /^(?:but|however|although|except|unless|if|only|when|once|after|before|first|until|as long as|provided|assuming|wait|with|without|just not|not|no|on|use|using|to|at|in|from|later|tonight|tomorrow|instead|also|though)\b/
const LATE_CONDITION =
  /\b(?:but|unless|if|first|wait|except|before you|before that|beforehand|after|until|instead|provided|as long as|only when|only if|not yet|later|tomorrow|tonight|once|however)\b/

const DENY: readonly RegExp[] = [
  /^(?:no+|nope|nah|no way|negative(?=$)|never(?=$| mind)|hell no|absolutely not|definitely not|certainly not|of course not|not at all|no no)\b(?! (?:new|more|further|longer|jobs?|work|one|downtime|need|approvals?|checkpoints?|backups?|reports?|alerts?|workloads?|schedul\w+|automatic|nightly|hourly|daily|weekly|additional|extra|other|replicas?|gpus?|nodes?|snapshots?|autoscal\w+|traffic|restarts?|emails?|mails?|crons?|limits?|offers?|public|access|zzsched)\b)/,
  /^(?:please )?(?:i )?(?:reject|decline|discard|dismiss|cancel|cancle|deny|refuse|veto|scrap|scratch|withdraw|abort|drop|ditch)(?:ed|d|led)?(?: (?:it|that|this|them|the plan|this plan|that plan|the proposal|the change|the request|everything|plan zzplan|zzplan|that plan zzplan|the idea))?(?=$| (?:please|now|for|thanks|i|we|it|that|and|because|instead|no)\b)/,
  /^i would (?:prefer|rather|like)(?: it if| that)? (?:you|we|it) (?:do|did|would) not\b(?: (?:do|touch|change|run|execute) (?:it|this|that|anything))?|^i would (?:prefer|rather) not(?: to)?$/,
  /^(?:please )?(?:do not|never)(?: (?:do (?:it|that|this|anything)|proceed|execute(?: it| that| the plan)?|run (?:it|that)|approve(?: it| that| this)?|go ahead|continue|start|touch (?:it|that|anything)|bother|apply (?:it|that)|change anything))?$/,
  /^(?:please )?(?:do not|never) (?:do (?:it|that|this|anything)|proceed|execute|approve|go ahead|touch (?:it|anything|that)|bother(?! with)|change anything)\b/,
  /^(?:never ?mind|nvm|nevermind|forget (?:it|that|about it|about that|the plan|this)|leave (?:it|that|everything|things)(?: (?:be|alone|(?:there|where|how) (?:it|they) (?:is|are|was|were)|where it runs|as (?:it|they) (?:is|are|was|were)|like that|for now))?|skip (?:it|that)(?: for now)?|drop it|let it be|let us not(?: do (?:that|it))?|rather not|better not|i would rather not|not now|not today|not yet|not this time|maybe later|another time|some other time|later$|call it off|keep (?:it|things|everything) as (?:it is|they are|is)|stop that|stop it there|no need(?: for (?:that|it))?|not necessary|not needed|that is not (?:needed|necessary|what i (?:want|wanted|asked|meant))|i (?:do not|no longer) want (?:that|it|this|to(?: do (?:that|it|this))?$)|i (?:have )?changed my mind|on second thoughts?|that is (?:all )?wrong|this is wrong|wrong$|not approved|i do not (?:approve|agree|want that|like (?:it|that))|disapproved?|i disagree|thumbs down|too (?:risky|expensive|dangerous)(?! (?:to|for))|not worth it|hold off|hard pass|pass$|absolutely no|not happening|stop(?=$| (?:please|now|not now|do not|no|wait|that is|i )(?:\s|$))|throw (?:it|that)(?: plan)? away|👎|❌|🚫|✋|🛑)(?=\s|$)/u,
]

/** Reads the first words of a sentence as consent or refusal. Takes the word line of `tokenise`, names replaced. */
export function readAct(line: string): ActReading {
  const asked = /\?/.test(line)
  const plain = line.replace(/ ?\?/g, '').trim()
  const deny = consume(plain, DENY)
  if (deny.hits > 0)
    return {
      kind: deny.rest === '' && !asked ? 'deny' : 'deny_plus',
      rest: deny.rest,
      condition: false,
      ...named(deny.eaten),
    }
  const yes = consume(plain, STRONG)
  if (yes.hits > 0) {
    // "yes?" and "do it?" ask; they grant nothing.
    if (asked && yes.rest === '') return { kind: 'weak', rest: '', condition: true }
    if (yes.rest === '') return { kind: 'affirm', rest: '', condition: false, ...named(yes.eaten) }
    return {
      kind: 'affirm_plus',
      rest: yes.rest,
      condition: CONDITION.test(yes.rest) || LATE_CONDITION.test(yes.rest),
      ...named(yes.eaten),
    }
  }
  if (!asked && endsInConsent(plain)) return { kind: 'affirm', rest: '', condition: false }
  if (WEAK.test(plain)) {
    if (PLAIN_OK.test(plain) && !asked) return { kind: 'affirm', rest: '', condition: false }
    const rest = consume(plain, [WEAK]).rest
    if (rest === '') return { kind: 'weak', rest, condition: asked }
    return { kind: 'affirm_plus', rest, condition: CONDITION.test(rest) || LATE_CONDITION.test(rest) }
  }
  return { kind: 'none', rest: plain, condition: false }
}

function named(eaten: string): { named?: string } {
  return /zzplan/.test(eaten) ? { named: 'zzplan' } : {}
}

function consume(line: string, phrases: readonly RegExp[]): { rest: string; hits: number; eaten: string } {
  let rest = line
  let hits = 0
  let eaten = ''
  const soft = phrases === STRONG ? [...phrases, WEAK] : phrases
  for (let moved = true; moved && rest !== ''; ) {
    moved = false
    const phrase = longest(rest, soft) ?? FILLER.exec(rest)?.[0]
    if (phrase !== undefined && phrase.trim() !== '') {
      if (phrases.some((pattern) => pattern.test(rest))) hits += 1
      eaten += ` ${phrase}`
      rest = rest.slice(phrase.length).trimStart()
      moved = true
    }
  }
  return hits === 0 ? { rest: line, hits, eaten: '' } : { rest, hits, eaten }
}

function longest(line: string, patterns: readonly RegExp[]): string | undefined {
  let best: string | undefined
  for (const pattern of patterns) {
    const found = pattern.exec(line)?.[0]
    if (found !== undefined && found.length > (best?.length ?? 0)) best = found
  }
  return best
}

const CONSENT_END =
  /^(.{3,90}?) (?:so |then |and )?(?:please )?(?:go ahead|go for it|you can go ahead|proceed|approved|i approve(?: it| this| that| the plan)?|please approve it|let us do it|let us go|you have my approval|do it)(?: please| now| then)*$/
const NO_CONSENT_BEFORE =
  /\b(?:if|when|whenever|after|before|unless|until|but|not|never|no|first|wait|once|later|tomorrow|tonight|instead|except|only|log|logs|says?|said|output|told|tells?|wrote|asks?|asked|quote|pretend|should|could|can|would|may|shall|how|why|what|who|which|is|are|did|does|do|will|let|and|or|show|check|must|suppose|imagine|again|maybe|perhaps|zz\w+)\b/

/** "I checked with the team, go ahead": a plain remark in front of plain consent. */
function endsInConsent(line: string): boolean {
  const before = CONSENT_END.exec(line)?.[1]
  return before !== undefined && before.split(' ').length <= 12 && !NO_CONSENT_BEFORE.test(before)
}

const NOUNS: Readonly<Record<string, RegExp>> = {
  drain_node: /\b(?:drain|draining|evacuation|maintenance)\b/,
  cordon_node: /\b(?:cordon|cordoning)\b/,
  uncordon_node: /\b(?:uncordon|uncordoning)\b/,
  migrate_workload: /\b(?:migration|migrate|move|relocation)\b/,
  restart_workload: /\b(?:restart|reboot)\b/,
  resume_workload: /\bresum(?:e|ing|ption)\b/,
  deploy_training: /\b(?:training|finetun\w*|train(?:ing)? (?:job|run)|sft|lora)\b/,
  deploy_inference: /\b(?:deployment|deploy|inference|server)\b/,
  scale_service: /\b(?:scal(?:e|ing)(?: up| down| out)?|replicas?)\b/,
  autoscale_policy: /\bautoscal\w+\b/,
  canary_start: /\b(?:canary|rollout|release|upgrade|update)\b/,
  canary_promote: /\b(?:promotion|promote)\b/,
  canary_pause: /\bpause\b/,
  rollback: /\b(?:rollback|revert)\b/,
  isolate_gpu: /\b(?:isolation|isolate|quarantine)\b/,
  run_batch: /\b(?:batch|job)\b/,
  retry_batch: /\b(?:retry|rerun)\b/,
  schedule_cron: /\b(?:schedule|cron|checkpoints?)\b/,
  expose_service: /\b(?:ingress|route|exposure|expose)\b/,
  stop_workload: /\bstop\b/,
  delete_workload: /\b(?:deletion|delete)\b/,
  market_bid: /\b(?:bid|rental|purchase|place|book|rent|buy|order)\b/,
  market_offer_create: /\b(?:offer|listing)\b/,
}

/** True when words such as "the drain" mean a plan of this intent. */
export function meansIntent(words: string, intent: string): boolean {
  return NOUNS[intent]?.test(words) ?? false
}

/** True where the words name a plan of some kind and ask for nothing else: "the migration". */
export function namesAnyPlan(words: string): boolean {
  return Object.keys(NOUNS).some((intent) => onlyNamesPlan(words, intent))
}

/** Words that can stand around the name of a plan without asking for anything else. */
export function onlyNamesPlan(words: string, intent: string): boolean {
  const noun = NOUNS[intent]
  if (noun === undefined) return false
  if (!noun.test(words)) return false
  const left = words
    .replace(new RegExp(noun.source, 'g'), ' ')
    .replace(
      /\b(?:the|that|this|with|do|plan|for|of|please|it|now|then|and|to|a|up|your|proposed|one|job|run|service|gpu|node|workload|thanks|zzplan)\b/g,
      ' ',
    )
  return left.trim() === ''
}
