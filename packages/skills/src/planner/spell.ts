/** Damerau-Levenshtein distance (adjacent swaps count once), given up above the limit. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    let best = i
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
      best = Math.min(best, cost)
    }
    if (best > limit) return limit + 1
    before = previous
    previous = row
  }
  return previous[b.length] ?? limit + 1
}

/** True where the first is the second with two letters swapped or one left out: what fingers do, seldom another word. */
export function isSlipOf(slip: string, word: string): boolean {
  if (slip.length === word.length) {
    const i = firstDifference(slip, word)
    return (
      i < slip.length && slip[i] === word[i + 1] && slip[i + 1] === word[i] && slip.slice(i + 2) === word.slice(i + 2)
    )
  }
  if (slip.length !== word.length - 1) return false
  const at = firstDifference(slip, word)
  return slip.slice(at) === word.slice(at + 1)
}

/** Where two words part; the first one's length where they never do. */
function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}

/**
 * A corrector over a vocabulary of known words and the domain words among them: an unknown word becomes the
 * nearest domain word (one slip, two from eight letters), anything known stays as it is.
 */
export function corrector(known: ReadonlySet<string>, domain: readonly string[]): (word: string) => string {
  const byLength = new Map<number, string[]>()
  for (const word of domain) byLength.set(word.length, [...(byLength.get(word.length) ?? []), word])
  const memo = new Map<string, string>()
  return (word) => {
    if (word.length < 4 || word.startsWith('zz') || /\d/.test(word) || known.has(word)) return word
    const done = memo.get(word)
    if (done !== undefined) return done
    const found = nearest(word, byLength)
    if (memo.size < 10_000) memo.set(word, found)
    return found
  }
}

function nearest(word: string, byLength: ReadonlyMap<number, readonly string[]>): string {
  const limit = word.length >= 8 ? 2 : 1
  let best = word
  let bestCost = limit + 1
  // Longer words first: a letter is left out more often than one too many is typed.
  for (let length = word.length + limit; length >= word.length - limit; length -= 1) {
    for (const other of byLength.get(length) ?? []) {
      // People rarely miss the first letter; where they do, the rest must be right.
      const slips = distance(word, other, limit)
      if (slips > 1 && word[0] !== other[0]) continue
      const cost = slips + (word[0] === other[0] ? 0 : 0.9)
      if (cost < bestCost) {
        best = other
        bestCost = cost
      }
    }
  }
  return bestCost <= limit ? best : word
}
