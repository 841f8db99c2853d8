import type { WeeklyWindow } from '@clawbernetes/protocol/policy/org-policy'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440

interface LocalTime {
  year: number
  month: number
  day: number
  /** 1 Monday … 7 Sunday. */
  weekday: number
  minute: number
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  FORMATS.set(timeZone, made)
  return made
}

function localTime(atMs: number, timeZone: string): LocalTime {
  const part = new Map(
    formatFor(timeZone)
      .formatToParts(atMs)
      .map((p) => [p.type, Number(p.value)]),
  )
  const [year, month, day] = [part.get('year') ?? 0, part.get('month') ?? 1, part.get('day') ?? 1]
  const weekday = ((Math.floor(Date.UTC(year, month - 1, day) / 86_400_000) + 3) % 7) + 1
  return { year, month, day, weekday, minute: (part.get('hour') ?? 0) * 60 + (part.get('minute') ?? 0) }
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const dayBefore = (weekday: number): number => (weekday === 1 ? 7 : weekday - 1)

/** Is this moment inside the window, by the clock on the wall of its time zone? The end does not belong to it. */
export function isInside(window: WeeklyWindow, atMs: number): boolean {
  const { weekday, minute } = localTime(atMs, window.timeZone)
  const [start, end] = [minuteOf(window.start), minuteOf(window.end)]
  if (start === end) return window.days.includes(weekday)
  if (start < end) return window.days.includes(weekday) && minute >= start && minute < end
  return (
    (window.days.includes(weekday) && minute >= start) || (window.days.includes(dayBefore(weekday)) && minute < end)
  )
}

/** The moments of the next nine days at which the window opens or closes, so that a search need not walk minute by minute. */
export function edgesAfter(window: WeeklyWindow, atMs: number): number[] {
  const edges: number[] = []
  const today = localTime(atMs, window.timeZone)
  for (let ahead = -1; ahead <= 8; ahead++) {
    for (const time of [window.start, window.end]) {
      const edge = utcOf(today, ahead, minuteOf(time), window.timeZone)
      if (edge > atMs) edges.push(edge)
    }
  }
  return edges
}

/**
 * The moment at which a wall clock shows this minute. A time that a change of the clock skips comes as much later as the clock
 * was moved; one that comes twice is the earlier.
 */
function utcOf(today: LocalTime, ahead: number, minute: number, timeZone: string): number {
  const wall = Date.UTC(today.year, today.month - 1, today.day + ahead) + minute * MINUTE_MS
  const before = wall - offsetMs(wall - DAY_MINUTES * MINUTE_MS, timeZone)
  const after = wall - offsetMs(wall + DAY_MINUTES * MINUTE_MS, timeZone)
  const early = Math.min(before, after)
  return early + offsetMs(early, timeZone) === wall ? early : Math.max(before, after)
}

/** How far the wall clock is ahead of UTC. */
function offsetMs(atMs: number, timeZone: string): number {
  const local = localTime(atMs, timeZone)
  const wall = Date.UTC(local.year, local.month - 1, local.day) + local.minute * MINUTE_MS
  return wall - Math.floor(atMs / MINUTE_MS) * MINUTE_MS
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** "Sat, Sun 22:00–04:00 Europe/Paris" */
export function windowWords(window: WeeklyWindow): string {
  const days = [...new Set(window.days)].sort((a, b) => a - b)
  const named =
    days.length === 7
      ? 'every day'
      : days.join() === '1,2,3,4,5'
        ? 'Mon to Fri'
        : days.map((day) => DAYS[day - 1]).join(', ')
  const hours = window.start === window.end ? 'all day' : `${window.start}–${window.end}`
  return `${named} ${hours} ${window.timeZone}`
}
