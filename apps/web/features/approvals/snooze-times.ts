export type SnoozeTime = { label: string; untilMs: number }

const MINUTE_MS = 60_000
/** A plan that comes back later than this before it expires leaves nobody the time to read it. */
const LEAST_LEFT_MS = 5 * MINUTE_MS

/** When a snoozed plan may come back: always before it expires, so that nothing runs out unseen. */
export function snoozeTimes(nowMs: number, expiresAtMs: number): SnoozeTime[] {
  const morning = new Date(nowMs)
  morning.setDate(morning.getDate() + 1)
  morning.setHours(9, 0, 0, 0)
  const all = [
    { label: 'In 15 minutes', untilMs: nowMs + 15 * MINUTE_MS },
    { label: 'In an hour', untilMs: nowMs + 60 * MINUTE_MS },
    { label: 'In 4 hours', untilMs: nowMs + 240 * MINUTE_MS },
    { label: 'Tomorrow at 9:00', untilMs: morning.getTime() },
  ]
  return all.filter(({ untilMs }) => untilMs <= latestSnooze(expiresAtMs)).sort((a, b) => a.untilMs - b.untilMs)
}

export const latestSnooze = (expiresAtMs: number): number => expiresAtMs - LEAST_LEFT_MS

/** What a field for date and time holds, in the reader's own time zone; minutes are as fine as it gets. */
export function localInputValue(atMs: number): string {
  const at = new Date(atMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Why this time cannot be taken, in words; null: it can. */
export function whyNotUntil(untilMs: number, nowMs: number, expiresAtMs: number): string | null {
  if (!Number.isFinite(untilMs)) return 'Choose a date and a time.'
  if (untilMs <= nowMs) return 'This time is over already.'
  if (untilMs > latestSnooze(expiresAtMs)) return 'Too late: the plan would expire before anybody had read it.'
  return null
}
