import { inert } from '@clawbernetes/protocol/text'
import { redactSecrets } from './redact-secrets'

/** Letters that look like Latin ones and stand in for them to slip past a filter. */
const LOOKALIKES: Record<string, string> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ѕ: 's', ԁ: 'd', ո: 'n', ӏ: 'l', к: 'k', м: 'm', т: 't', в: 'b', н: 'h', г: 'r',
  ο: 'o', α: 'a', ε: 'e', ρ: 'p', τ: 't', ν: 'v', ι: 'i', κ: 'k', υ: 'u',
} // biome-ignore format: a table

/** What a text says that speaks to an agent and not about a machine. English first, then the same in other languages. */
const ADDRESSES_AN_AGENT: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|your|the|these)\b/,
  /\b(?:system|assistant|user|developer|tool|operator|admin)\s*(?:message|prompt|note|instruction|override)?\s*(?:[:>\]]|\|>)/,
  /<\/?(?:system|assistant|user|tool|data|function|instructions?|im_start|im_end)\b|<\|/,
  /\b(?:you are|you're|act as|pretend|as an? (?:ai|agent|assistant|operator))\b/,
  /\b(?:instructions?|prompt|guidelines|rules|policy)\b.{0,60}\b(?:follow|obey|new|updated|reveal|change|must|now)\b/,
  /\b(?:call|use|invoke|run|execute|propose)\b.{0,30}\b(?:tool|function|propose_plan|approve|drain|stop|delete|cordon|share|bid|freeze)\b/,
  /\b(?:approved?|approve|confirm(?:ed)?|do it|go ahead|yes)\b.{0,40}\bpl-?\d+|\bpl-?\d+\b.{0,40}\b(?:approved?|confirm|do it|go ahead)\b/,
  /\b(?:please|kindly|must|should|immediately|urgent(?:ly)?)\b.{0,60}\b(?:drain|stop|delete|approve|share|send|reveal|cordon|freeze|unfreeze|buy|bid|pay|transfer|evacuate|wipe)\b/,
  /\b(?:drain|stop|delete|approve|reveal|unfreeze|freeze|wipe)[ _-](?:the |all |node|workload|plan|policy|secret|every|it\b)/,
  /\b(?:api[ _-]?key|secret|token|password|credential)s?\b.{0,40}\b(?:send|post|reveal|print|share|show|upload)\b|\b(?:send|post|reveal|print|share|show|upload)\b.{0,40}\b(?:api[ _-]?key|secret|token|password|credential)s?\b/,
  /!?\[[^\]]{0,200}\]\(\s*(?:https?:|\/\/|javascript:|data:)/,
  /\b(?:ignoriere|vergiss|ignorez|oubliez|ignora|olvida|ignorar|esque[cç]a|игнорируй|забудь|忽略|无视|無視|무시|تجاهل)/,
]

/** True when a text from outside seems to speak to the agent. A second look: what is marked as untrusted stays so without it. */
export function addressesAnAgent(text: string): boolean {
  const plain = fold(text)
  if (ADDRESSES_AN_AGENT.some((shape) => shape.test(plain))) return true
  // A long run of base64 that reads as words.
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g)) {
    const words = fromBase64(run)
    if (words !== null && ADDRESSES_AN_AGENT.some((shape) => shape.test(fold(words)))) return true
  }
  return false
}

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u0370-\u03ff\u0400-\u052f]/g, (c) => LOOKALIKES[c] ?? c)
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
    .replace(/\s+/g, ' ')

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Printable ASCII that a run of base64 holds; null when it holds something else. */
function fromBase64(run: string): string | null {
  let bits = 0
  let held = 0
  let out = ''
  for (const c of run.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')) {
    held = ((held << 6) | BASE64.indexOf(c)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    const code = (held >> bits) & 255
    if ((code < 32 && code !== 10) || code > 126) return null
    out += String.fromCharCode(code)
  }
  return out
}

/** At most this much of one tool's answer reaches a model. */
export const MAX_QUOTED_CHARS = 12_000

/**
 * A tool's answer as data for a model: controls, bidi marks and ANSI stripped, secrets taken out, length capped, between markers
 * that carry this turn's nonce. Who writes a log cannot know the nonce, so nothing in it can end the quotation.
 */
export function quoteAsData(nonce: string, source: string, text: string, max = MAX_QUOTED_CHARS): string {
  const clean = redactSecrets(inert(text, max * 2)).replaceAll(nonce, '')
  const body = clean.length > max ? `${clean.slice(0, max - 1)}…` : clean
  return `<<data ${nonce} from ${inert(source, 80).replace(/[<>\n]/g, ' ')}>>\n${body}\n<<end of data ${nonce}>>`
}
