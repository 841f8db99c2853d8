import { type Candidate, candidate } from './entity'

const WORDS: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
  dozen: 12,
  couple: 2,
  single: 1,
}

/** A number as people write it: digits, 1,024, 1.5k, or a word up to a hundred. */
export const NUMBER = `(?:\\d{1,3}(?:,\\d{3})+|\\d+(?:\\.\\d+)?|(?:${Object.keys(WORDS).join('|')}))`

export function parseNumber(text: string): number {
  const word = WORDS[text.trim().toLowerCase()]
  return word ?? Number(text.replace(/,/g, ''))
}

const MONEY =
  /(?:usd|us\$|\$)\s?(\d+(?:[.,]\d+)?)(?:\s?(?:usd|dollars?))?|(\d+(?:\.\d+)?|one|two|three|four|five|ten|twenty|fifty|a)[\s-]?(?:us )?(?:dollars?|bucks?|usd)\b|(\d+|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\s?(?:cents?|c|ct)\b(?!\+)/gi

export function scanMoney(text: string): Candidate[] {
  return [...text.matchAll(MONEY)].map((match) => {
    const dollars = match[1] ?? match[2]
    const value =
      dollars === undefined
        ? parseNumber(match[3] ?? '0') / 100
        : dollars.toLowerCase() === 'a'
          ? 1
          : parseNumber(dollars.replace(/,(\d{1,2})$/, '.$1'))
    return candidate('money', value, match.index, match[0], 70)
  })
}

const PERCENT = new RegExp(`\\b(${NUMBER})\\s?(?:%|percent\\b|pct\\b|per cent\\b)`, 'gi')
const SHARES: readonly (readonly [RegExp, number])[] = [
  [/\b(?:a |one )?quarter (?=of|traffic|to)/gi, 25],
  [/\b(?:a |one )?third (?=of (?:the )?(?:traffic|users|requests))/gi, 33],
  [/\bhalf (?:of )?(?:the |our |all )?(?=traffic|users|requests|load)/gi, 50],
  [/\b(?:a |one )?tenth (?=of)/gi, 10],
  [/\ball (?:of )?(?:the |our )?(?=traffic|users|requests)/gi, 100],
]

export function scanPercent(text: string): Candidate[] {
  const found = [...text.matchAll(PERCENT)].map((match) =>
    candidate('percent', parseNumber(match[1] ?? '0'), match.index, match[0], 72),
  )
  for (const [pattern, value] of SHARES) {
    for (const match of text.matchAll(pattern))
      found.push(candidate('percent', value, match.index, match[0].trimEnd(), 71))
  }
  return found
}

type Counted = 'replicas' | 'epochs' | 'lines' | 'batchSize' | 'port' | 'memoryGb' | 'factor' | 'gpuCount'
const COUNTED: readonly (readonly [Counted, RegExp, number])[] = [
  [
    'port',
    /\b(?:ports?|on|at) ?(?:number |no\.? |= ?|:)?(\d{2,5})\b(?=\s*(?:$|[.,;!?)]|and\b|with\b|please\b|for\b|so\b|to the\b|external|public|open|inside))/gi,
    40,
  ],
  ['port', /\bports?\s?(?:number |no\.? |is |to |= ?|: ?)?(\d{2,5})\b|(?<=\s):(\d{2,5})\b/gi, 66],
  [
    'replicas',
    new RegExp(
      `\\b(${NUMBER})(?: (?:more|extra|additional|new|fewer|less|healthy|of (?:them|those)))? ?(?:replicas?|copies|copy|instances?|pods?)\\b`,
      'gi',
    ),
    60,
  ],
  ['replicas', new RegExp(`\\breplicas?(?: ?(?:=|:|to|count(?: to| of)?|at) ?)(${NUMBER})\\b`, 'gi'), 60],
  ['epochs', new RegExp(`\\b(${NUMBER})[ -]epochs?\\b`, 'gi'), 60],
  [
    'lines',
    new RegExp(
      `\\b(${NUMBER}) (?:log )?lines?\\b|\\b(?:last|latest|tail(?: -n)?|final) (\\d{2,5})\\b(?! (?:hours?|minutes?|mins?|days?|h\\b|m\\b))`,
      'gi',
    ),
    59,
  ],
  [
    'batchSize',
    /\bbatch[ _-]?sizes?(?: ?(?:=|:|to|of|at|down to) ?| )(\d+)\b|\b(\d+) (?:as (?:the )?)?batch size\b|\bbatch (?:of|to) (\d+)\b|\bbs ?= ?(\d+)\b/gi,
    64,
  ],
  ['memoryGb', /\b(\d+(?:\.\d+)?)\s?(?:gi?b|gigs?|gigabytes?|g)\b(?: (?:of )?(?:ram|memory|vram|mem))?/gi, 62],
  [
    'factor',
    /\b(?:(\d+(?:\.\d+)?)(?:x| times)(?! ?[a-z]?\d)|(twice|double|triple|halve|half))\b(?! (?:a|per|an) (?:day|week|hour|month))(?! ?hours?| an hour)/gi,
    45,
  ],
]
const FACTORS: Readonly<Record<string, number>> = { twice: 2, double: 2, triple: 3, halve: 0.5, half: 0.5 }

export function scanCounts(text: string): Candidate[] {
  const found: Candidate[] = []
  for (const [kind, pattern, priority] of COUNTED) {
    for (const match of text.matchAll(pattern)) {
      const raw = match.slice(1).find((group) => group !== undefined) ?? ''
      const value = kind === 'factor' ? (FACTORS[raw.toLowerCase()] ?? Number(raw)) : parseNumber(raw)
      if (kind === 'port' && (value < 1 || value > 65_535)) continue
      if (Number.isFinite(value)) found.push(candidate(kind, value, match.index, match[0], priority))
    }
  }
  return found
}

const PLAIN = new RegExp(`(?<![\\w.-])(${NUMBER})(?![\\w%]|[.-]\\w)`, 'gi')

export function scanPlainNumbers(text: string): Candidate[] {
  return (
    [...text.matchAll(PLAIN)]
      // "one" is mostly a pronoun ("that one", "the first one"): only digits and unmistakable words count.
      .filter(
        (match) =>
          !/^(?:one|single|couple|dozen|hundred)$/i.test(match[1] ?? '') || /^to$/i.test(wordBefore(text, match.index)),
      )
      .filter((match) => !/^zero$/i.test(match[1] ?? ''))
      .map((match) => candidate('number', parseNumber(match[1] ?? ''), match.index, match[0], 5))
  )
}

function wordBefore(text: string, index: number): string {
  return /(\w+)\s*$/.exec(text.slice(0, index))?.[1] ?? ''
}
