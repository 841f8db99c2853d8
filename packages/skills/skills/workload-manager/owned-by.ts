import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'

/**
 * The workloads of the people that a sentence names: "stop everything of Lena", "what runs for jonas", "Sam's jobs". All of them
 * where it names nobody who owns one; `owners` says whose they are then.
 */
export function ownedBy(
  pool: readonly LiveWorkload[],
  text: string,
): { workloads: readonly LiveWorkload[]; owners: string[] } {
  const owners = [...new Set(pool.map((w) => w.owner.name))].filter((name) => speaksOf(text, name))
  return owners.length === 0
    ? { workloads: pool, owners }
    : { workloads: pool.filter((w) => owners.includes(w.owner.name)), owners }
}

/** Behind "of", "by" or "for", or with an s of possession: "May's jobs", and not "you may stop it". */
function speaksOf(text: string, name: string): boolean {
  const parts = [name, ...name.split(/\s+/)].filter((part) => part.length >= 2).map((part) => escape(part))
  const any = `(?:${parts.join('|')})`
  return new RegExp(
    `\\b(?:of|by|from|for|owned by|belong(?:s|ing)? to|started by)\\s+(?:user |our )?${any}(?![\\w-])|\\b${any}(?:'s|’s)(?![\\w-])`,
    'iu',
  ).test(text)
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
