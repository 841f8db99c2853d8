const KEY = 'cb.recent'
const MAX = 6

export type RecentPlace = { key: string; name: string; note: string; href: string }

const isPlace = (value: unknown): value is RecentPlace =>
  typeof value === 'object' &&
  value !== null &&
  ['key', 'name', 'note', 'href'].every((field) => typeof (value as Record<string, unknown>)[field] === 'string')

/** Where this browser went from the palette, the last first. */
export function readRecent(): RecentPlace[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isPlace).slice(0, MAX) : []
  } catch {
    return []
  }
}

export function rememberPlace({ key, name, note, href }: RecentPlace): void {
  const others = readRecent().filter((place) => place.key !== key)
  try {
    localStorage.setItem(KEY, JSON.stringify([{ key, name, note, href }, ...others].slice(0, MAX)))
  } catch {
    // Without storage there is nothing recent; the palette works all the same.
  }
}
