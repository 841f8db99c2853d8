import {
  CONDITION,
  CONSENT_END,
  DENY,
  DIRECT,
  FILLER,
  LATE_CONDITION,
  NO_CONSENT_BEFORE,
  PLAIN_OK,
  STRONG,
  WEAK,
} from './act-phrases'

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
      ...named(deny.phrases),
    }
  const yes = consume(plain, STRONG)
  if (yes.hits > 0) {
    // "yes?" and "do it?" ask; they grant nothing.
    if (asked && yes.rest === '') return { kind: 'weak', rest: '', condition: true }
    if (yes.rest === '') return { kind: 'affirm', rest: '', condition: false, ...named(yes.phrases) }
    return {
      kind: 'affirm_plus',
      rest: yes.rest,
      condition: CONDITION.test(yes.rest) || LATE_CONDITION.test(yes.rest),
      ...named(yes.phrases),
    }
  }
  if (WEAK.test(plain)) {
    if (PLAIN_OK.test(plain) && !asked) return { kind: 'affirm', rest: '', condition: false }
    const rest = consume(plain, [WEAK]).rest
    if (rest === '') return { kind: 'weak', rest, condition: asked }
    return { kind: 'affirm_plus', rest, condition: CONDITION.test(rest) || LATE_CONDITION.test(rest) }
  }
  return { kind: 'none', rest: plain, condition: false }
}

/** One clause of a longer sentence: `direct` consent says what is to happen ("go ahead"), a `bare` yes may answer anything. */
export function readClause(line: string): 'direct' | 'bare' | 'deny' | 'none' {
  const plain = line.replace(/ ?\?/g, '').trim()
  const deny = consume(plain, DENY)
  if (deny.hits > 0) return deny.rest === '' ? 'deny' : 'none'
  const yes = consume(plain.replace(/^(?:so|then|and|therefore) /, ''), STRONG)
  if (yes.rest !== '' && !PLAIN_OK.test(plain)) return 'none'
  return DIRECT.some((pattern) => yes.phrases.some((phrase) => pattern.test(phrase))) ? 'direct' : 'bare'
}

function named(phrases: readonly string[]): { named?: string } {
  return phrases.some((phrase) => phrase.includes('zzplan')) ? { named: 'zzplan' } : {}
}

interface Consumed {
  rest: string
  /** How many of the phrases asked for were found. */
  hits: number
  /** Everything that was passed, in order, polite words included. */
  phrases: string[]
}

function consume(line: string, wanted: readonly RegExp[]): Consumed {
  let rest = line
  let hits = 0
  const phrases: string[] = []
  const soft = wanted === STRONG ? [...wanted, WEAK] : wanted
  while (rest !== '') {
    const phrase = longest(rest, soft) ?? FILLER.exec(rest)?.[0]
    if (phrase === undefined || phrase.trim() === '') break
    const from = rest
    if (wanted.some((pattern) => pattern.test(from))) hits += 1
    phrases.push(phrase)
    rest = rest.slice(phrase.length).trimStart()
  }
  return hits === 0 ? { rest: line, hits, phrases: [] } : { rest, hits, phrases }
}

function longest(line: string, patterns: readonly RegExp[]): string | undefined {
  let best: string | undefined
  for (const pattern of patterns) {
    const found = pattern.exec(line)?.[0]
    if (found !== undefined && found.length > (best?.length ?? 0)) best = found
  }
  return best
}

/** "he forgot to do it", "they do it": the words of consent are part of what is told. */
const TELLS_OF_DOING = /\b(?:to|i|you|we|they|he|she|it|zzname|people)$/

/** The plain remark in front of plain consent, without a comma between: "I checked with the team go ahead". */
export function remarkBeforeConsent(line: string): string | undefined {
  const before = CONSENT_END.exec(line)?.[1]
  return before !== undefined &&
    before.split(' ').length <= 12 &&
    !NO_CONSENT_BEFORE.test(before) &&
    !TELLS_OF_DOING.test(before)
    ? before
    : undefined
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
      /\b(?:the|that|this|with|do|plan|for|of|please|it|them|now|then|and|to|a|up|over|away|off|out|down|there|elsewhere|all|both|your|proposed|one|job|run|service|gpu|node|workload|thanks|zzplan)\b/g,
      ' ',
    )
  return left.trim() === ''
}
