/** Figures that a sentence prints: bare numbers, not parts of names, models, versions, dates or labels. */
export function figuresIn(say: string): number[] {
  const bare = say
    // Quoted examples, commands and labels are no statements.
    .replace(/“[^”]*”/g, ' ')
    .replace(/\bPL-\d+\b/g, ' ')
    .replace(/\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?(?: UTC)?/g, ' ')
    .replace(/\b(?:XID|SXid)\s*\d+/gi, ' ')
    // Names and models: "node-06", "A100-80GB", "fine-tune-7b", "llama-3-8b", "--nproc-per-node=4".
    .replace(/[\w./=-]*[A-Za-z_/=][\w./=-]*/g, ' ')
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
  return [...bare.matchAll(/(?<![\w.])[-−]?\d+(?:\.\d+)?/g)].map((match) => Number(match[0].replace('−', '-')))
}

/** Every number in the data, also those that stand inside its texts, and how many entries its lists have. */
export function numbersOf(data: unknown): number[] {
  if (typeof data === 'number') return [data]
  if (typeof data === 'string')
    return [...figuresIn(data), ...[...data.matchAll(/\d+(?:\.\d+)?/g)].map((m) => Number(m[0]))]
  if (Array.isArray(data)) return [data.length, ...data.flatMap(numbersOf)]
  if (typeof data === 'object' && data !== null) return Object.values(data).flatMap(numbersOf)
  return []
}
