import { conceptsOf } from './concepts'
import { withoutContrast } from './contrast'
import { stem, tokenise, unwrap } from './words'
import { meaning, type WordVectors } from './word-vectors'

const QUESTION = new Set(
  'what which who whose where when why how is are was were do does did can could will would should has have had am any'.split(
    ' ',
  ),
)
const NEGATION = new Set('not no never without none nothing nor'.split(' '))

/** Feature names with their values for one delexicalised sentence; each group is scaled by its own length. */
export function features(
  delexicalised: string,
  correct: (word: string) => string,
  vectors: WordVectors,
): Map<string, number> {
  const tokens = tokenise(withoutContrast(delexicalised.toLowerCase()))
  const { core, lead } = unwrap(tokens)
  const words = core.map(correct)
  const stems = words.map(stem)
  const out = new Map<string, number>()
  const concepts = conceptsOf(stems)
  addAll(out, 'w:', words, 0.5)
  addAll(out, 's:', stems, 1)
  addAll(out, 'b:', pairs(['^', ...stems, '$']), 0.7)
  addAll(out, 'c:', concepts.flat(), 1.6)
  addAll(out, 'p:', conceptPairs(concepts), 0.7)
  addAll(out, 'x:', skips(stems), 0.3)
  addAll(out, 'g:', core.filter((word) => !word.startsWith('zz')).flatMap(grams), 0.7)
  meaning(core, words, vectors)?.forEach((value, d) => out.set(`e:${d}`, value))
  const form: string[] = [
    `first=${stems[0] ?? ''}`,
    `last=${stems.at(-1) ?? ''}`,
    `len=${Math.min(8, Math.ceil(stems.length / 2))}`,
  ]
  if (tokens.includes('?')) form.push('mark')
  const asking = QUESTION.has(tokens[0] ?? '') || QUESTION.has(words[0] ?? '')
  form.push(asking && !/\b(?:can|could|would|will) (?:you|we)\b/.test(lead) ? 'question' : 'statement')
  if (words.some((word) => NEGATION.has(word))) form.push('negation')
  for (const name of form) out.set(`f:${name}`, 0.45)
  for (const slot of new Set(tokens.filter((token) => token.startsWith('zz')))) out.set(`z:${slot}`, 0.5)
  return out
}

function addAll(out: Map<string, number>, prefix: string, names: readonly string[], weight: number): void {
  if (names.length === 0) return
  const value = weight / Math.sqrt(Math.max(3, names.length))
  for (const name of names) out.set(prefix + name, Math.min((out.get(prefix + name) ?? 0) + value, 2 * value))
}

function pairs(stems: readonly string[]): string[] {
  return stems.slice(1).map((word, i) => `${stems[i]} ${word}`)
}

/** Two words with one or two between them, in order: "move ... cheaper". */
function skips(stems: readonly string[]): string[] {
  const out: string[] = []
  stems.forEach((word, i) => {
    for (const gap of [2, 3]) {
      const other = stems[i + gap]
      if (other !== undefined) out.push(`${word} ${other}`)
    }
  })
  return out
}

function conceptPairs(concepts: readonly (readonly string[])[]): string[] {
  const out = new Set<string>()
  concepts.forEach((here, i) => {
    for (const later of concepts.slice(i + 1, i + 9)) {
      for (const a of here) for (const b of later) if (a !== b) out.add(`${a}>${b}`)
    }
  })
  return [...out]
}

function grams(word: string): string[] {
  const padded = `<${word}>`
  const out: string[] = []
  for (let i = 0; i + 4 <= padded.length; i += 1) out.push(padded.slice(i, i + 4))
  return out
}
