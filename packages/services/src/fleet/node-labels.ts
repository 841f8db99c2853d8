import type { Prisma } from '@clawbernetes/db/rows'

/** What a node reports of itself, with what people set on top; null takes a label away. */
export function withOverrides(
  reported: Readonly<Record<string, string>>,
  overrides: Prisma.JsonValue,
): Record<string, string> {
  const labels = { ...reported }
  for (const [key, value] of Object.entries((overrides ?? {}) as Record<string, string | null>)) {
    if (value === null) delete labels[key]
    else labels[key] = value
  }
  return labels
}

/** In one order, as text: what a plan rests on and what it is compared with. */
export const labelText = (labels: Readonly<Record<string, string>>, keys: readonly string[]): string =>
  [...keys]
    .sort()
    .map((key) => `${key}=${labels[key] ?? ''}`)
    .join(', ')
