/** A stretch of time that a person named, in UTC. */
export interface Period {
  fromMs: number
  toMs: number
  /** In words: "the last 7 days", "2026-11-21". */
  label: string
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MAX_DAYS = 400

const NAMED: readonly (readonly [RegExp, (now: number) => Period])[] = [
  [/^(?:yesterday|last day)$/, (now) => span(dayOf(now) - DAY_MS, dayOf(now), 'yesterday (UTC)')],
  [/^(?:today|this morning|tonight)$/, (now) => span(dayOf(now), now, 'today so far (UTC)')],
  [/^(?:(?:right |just )?now|at the moment|currently)$/, (now) => span(now - DAY_MS, now, 'the last 24 hours')],
  [/^(?:day|daily|24h|last 24 hours)$/, (now) => span(now - DAY_MS, now, 'the last 24 hours')],
  [/^last night$/, (now) => span(dayOf(now) - 6 * HOUR_MS, dayOf(now) + 8 * HOUR_MS, 'last night, 18:00 to 08:00 UTC')],
  [/^(?:last|previous)[ _]week$/, (now) => span(weekOf(now) - 7 * DAY_MS, weekOf(now), 'last week (UTC)')],
  [/^this[ _]week$/, (now) => span(weekOf(now), now, 'this week so far (UTC)')],
  [/^(?:week|weekly|last 7 days)$/, (now) => span(now - 7 * DAY_MS, now, 'the last 7 days')],
  [/^(?:last|previous)[ _]month$/, (now) => span(monthOf(now, -1), monthOf(now, 0), 'last month (UTC)')],
  [/^this[ _]month$/, (now) => span(monthOf(now, 0), now, 'this month so far (UTC)')],
  [/^(?:month|monthly|last 30 days)$/, (now) => span(now - 30 * DAY_MS, now, 'the last 30 days')],
  [
    /^(?:year|yearly|this[ _]year)$/,
    (now) => span(Date.UTC(new Date(now).getUTCFullYear(), 0, 1), now, 'this year so far (UTC)'),
  ],
]
const ISO = /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?)?$/

/** The stretch that words or an ISO 8601 duration mean; null: not understood, so that nobody reports another stretch than was asked. */
export function parsePeriod(words: string, nowMs: number): Period | null {
  const text = words.trim().toLowerCase()
  const named = NAMED.find(([pattern]) => pattern.test(text))
  if (named) return named[1](nowMs)
  const iso = ISO.exec(words.trim().toUpperCase())
  if (!iso || words.trim().length < 3) return null
  const [weeks, days, hours, minutes] = iso.slice(1).map((part) => Number(part ?? 0))
  const ms = (weeks ?? 0) * 7 * DAY_MS + (days ?? 0) * DAY_MS + (hours ?? 0) * HOUR_MS + (minutes ?? 0) * 60_000
  if (ms <= 0 || ms > MAX_DAYS * DAY_MS) return null
  return span(nowMs - ms, nowMs, `the last ${durationWords(ms)}`)
}

/** "2 h 30 min", "3 days". */
export function durationWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 48 * 60) {
    const rest = minutes % 60
    return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`
  }
  return `${Math.round(minutes / 1440)} days`
}

const span = (fromMs: number, toMs: number, label: string): Period => ({
  fromMs,
  toMs: Math.max(toMs, fromMs + 1),
  label,
})
const dayOf = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS
/** Weeks begin on Monday; day 0 of the epoch was a Thursday. */
const weekOf = (ms: number): number => dayOf(ms) - ((Math.floor(ms / DAY_MS) + 3) % 7) * DAY_MS
const monthOf = (ms: number, offset: number): number => {
  const at = new Date(ms)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1)
}
