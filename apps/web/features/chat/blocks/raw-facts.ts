const MAX_FACTS = 20
const SILENT = new Set(['type', 'title', 'demo', 'href'])

/** The words and numbers of data whose shape is not known, for reading. */
export function rawFacts(block: unknown): { title: string; facts: { name: string; value: string }[] } {
  const data: Record<string, unknown> = typeof block === 'object' && block !== null ? { ...block } : {}
  const title = typeof data.title === 'string' && data.title !== '' ? data.title : 'Result'
  const facts = Object.entries(data).flatMap(([name, value]) => {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    if (SILENT.has(name) || !plain || value === '') return []
    return [{ name: name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(), value: String(value) }]
  })
  return { title, facts: facts.slice(0, MAX_FACTS) }
}
