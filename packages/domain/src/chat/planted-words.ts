/** Letters that look like Latin ones and stand in for them to slip past a filter. */
const LOOKALIKES = new Map(
  'аa еe оo рp сc уy хx іi ѕs ԁd ոn ӏl кk мm тt вb нh гr οo αa εe ρp τt νv ιi κk υu'
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]),
)

/** Says what no figure and no sentence of ours ever says: it speaks to an agent, and not about a machine. */
const SPEAKS_TO_AN_AGENT: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|your)\b/,
  /(?:^|[\s[<(*#"'])(?:system|assistant|developer|tool|operator|admin)\s*(?:message|prompt|note|instruction|override)?\s*[:>\]]/,
  /<\/?(?:system|assistant|user|tool|data|function|instructions?)\b|<\||\|>|<<(?:end of )?data\b/,
  /\b(?:you are now|act as|pretend|as an? (?:ai|agent|assistant))\b/,
  /\b(?:yes|do it|go ahead|approved?|confirm(?:ed)?)\b[ ,:]{1,3}(?:yes |do it |go ahead |approve )?pl-?\d+/,
  /\b(?:call|use|invoke)\b.{0,20}\b(?:tool|function|propose_plan)\b/,
  /\b(?:please|kindly|immediately|urgent(?:ly)?)\b.{0,60}\b(?:drain|stop|delete|approve|share|send|reveal|cordon|freeze|unfreeze|buy|bid|pay|evacuate|wipe)\b/,
  /\b(?:send|post|reveal|upload|forward)\b.{0,40}\b(?:api[ _-]?key|secret|token|password|credential)s?\b/,
  /!?\[[^\]]{0,200}\]\(\s*(?:https?:|\/\/|javascript:|data:)/,
  /(?:^|[^\p{L}])(?:ignoriere|vergiss|ignorez|oubliez|ignora|olvida|ignorar|esque[cç]a|игнорируй|забудь)(?![\p{L}])|忽略|无视|無視|무시|تجاهل/u,
]

/** An order as a name: "drain-node-02-now". Sentences of ours give such orders too, so only names are held against it. */
const ORDER_AS_NAME =
  /\b(?:ignore|approve|approved|drain|stop|delete|reveal|freeze|unfreeze|wipe|evacuate|transfer|bid|buy|send|share)\b.{0,30}\b(?:all|every|node|workloads?|plans?|policy|secrets?|keys?|instructions|previous|everything|report|now|pl)\b/

/**
 * True when a value from a tool holds words that seem planted. A second look: what a tool marks itself needs no such look.
 * @param own words that are ours, letter by letter: names of tools, which read like orders
 */
export function holdsPlantedWords(value: unknown, own: ReadonlySet<string> = NOTHING): boolean {
  if (typeof value === 'string') return !own.has(value) && planted(value)
  if (Array.isArray(value)) return value.some((held) => holdsPlantedWords(held, own))
  if (value !== null && typeof value === 'object')
    return Object.entries(value).some(([key, held]) => planted(key) || holdsPlantedWords(held, own))
  return false
}

const NOTHING: ReadonlySet<string> = new Set()

const MIN_CHARS = 6

function planted(text: string): boolean {
  if (text.length < MIN_CHARS) return false
  const plain = fold(text)
  const latin = plain.replace(/[\u0370-\u03ff\u0400-\u058f]/g, (c) => LOOKALIKES.get(c) ?? c)
  if (SPEAKS_TO_AN_AGENT.some((shape) => shape.test(plain) || (latin !== plain && shape.test(latin)))) return true
  if (!/\s/.test(text) && ORDER_AS_NAME.test(latin.replace(/[-_.=:/]+/g, ' '))) return true
  // A run of base64 that reads as words.
  for (const [run] of text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)) {
    const words = fromBase64(run)
    if (words !== null && words.includes(' ')) return true
  }
  return false
}

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
    .replace(/\s+/g, ' ')

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Printable ASCII that a run of base64 holds; null when it holds something else. */
function fromBase64(run: string): string | null {
  let bits = 0
  let held = 0
  let out = ''
  for (const c of run.replace(/=+$/, '')) {
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
