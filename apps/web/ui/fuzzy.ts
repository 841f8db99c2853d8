/**
 * How well a name fits what was typed: 0 is best, null does not fit. The whole name, then its start, then the start of
 * one of its words, then anywhere inside, then the letters in their order.
 */
export function fuzzyScore(typed: string, name: string): number | null {
  const wanted = typed.trim().toLowerCase()
  const text = name.toLowerCase()
  if (wanted === '') return 1
  if (text === wanted) return 0
  if (text.startsWith(wanted)) return 1
  const at = text.indexOf(wanted)
  if (at > 0) return /[^a-z0-9]/.test(text[at - 1] ?? '') ? 2 : 3
  return scattered(wanted, text)
}

/** The letters in their order; the wider they are scattered, the worse. */
function scattered(wanted: string, text: string): number | null {
  let from = 0
  let first = -1
  for (const letter of wanted) {
    const at = text.indexOf(letter, from)
    if (at < 0) return null
    if (first < 0) first = at
    from = at + 1
  }
  const spread = from - first - wanted.length
  return spread > wanted.length * 3 ? null : 4 + spread / 100
}

/** The best `limit`, the order of the list deciding between equals. Every word typed must fit somewhere. */
export function fuzzyFilter<T>(items: readonly T[], typed: string, nameOf: (item: T) => string, limit: number): T[] {
  const words = typed.trim().split(/\s+/).filter(Boolean)
  const scored = items.flatMap((item, order) => {
    const scores = words.map((word) => fuzzyScore(word, nameOf(item)))
    const apart = scores.includes(null) ? null : scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)
    // Words that stand together in the name say more than the same words here and there.
    const together = fuzzyScore(words.join(' '), nameOf(item))
    if (apart === null && together === null) return []
    return [{ item, order, score: Math.min(apart ?? Infinity, together ?? Infinity) }]
  })
  return scored
    .sort((a, b) => a.score - b.score || a.order - b.order)
    .slice(0, limit)
    .map(({ item }) => item)
}
