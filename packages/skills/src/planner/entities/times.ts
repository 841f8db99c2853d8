import { type Candidate, type Schedule, type Window, candidate } from './entity'
import { NUMBER, parseNumber } from './numbers'

const UNIT = '(?:seconds?|secs?|s|minutes?|mins?|min|m|hours?|hrs?|hr|h|days?|d|nights?|weeks?|wks?|w|months?)'
const DURATION = new RegExp(
  `\\b(?<!\\$ ?|per )(${NUMBER})[ -]?(${UNIT})\\b(?: and (${NUMBER}) (${UNIT})\\b)?|\\b(\\d+)h(\\d+)m?\\b|\\b(half an? hour|an? (?:hour|day|week|month|minute) and a half|an? (?:hour|day|week|month|minute)|(?:a )?couple of (?:hours|days|minutes)|overnight)\\b`,
  'gi',
)

/** ISO 8601 of a count and an English unit, e.g. (4, "hours") gives PT4H. */
export function isoDuration(count: number, unit: string): string {
  const u = unit.toLowerCase()
  const plain = Number.isInteger(count) ? count : undefined
  if (/^s/.test(u)) return `PT${count}S`
  if (/^(?:mo)/.test(u)) return `P${count}M`
  if (/^m/.test(u)) return `PT${count}M`
  if (/^h/.test(u)) return plain === undefined ? `PT${Math.round(count * 60)}M` : `PT${count}H`
  if (/^[dn]/.test(u)) return plain === undefined ? `PT${Math.round(count * 24)}H` : `P${count}D`
  return `P${count}W`
}

export function scanDurations(text: string): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(DURATION)) {
    const [, count, unit, count2, unit2, h, m, words] = match
    let value: string | undefined
    if (words !== undefined) value = wordDuration(words.toLowerCase())
    else if (h !== undefined) value = `PT${Number(h)}H${Number(m)}M`
    else if (count !== undefined && unit !== undefined) {
      // "existing ones": a number word needs a whole unit word behind it.
      if (/[a-z]/i.test(count) && unit.length === 1) continue
      value = isoDuration(parseNumber(count), unit)
      if (count2 !== undefined && unit2 !== undefined)
        value = joinDurations(value, isoDuration(parseNumber(count2), unit2))
    }
    // "$2 an hour", "a dollar per hour": part of a price, not a length of time.
    if (
      words !== undefined &&
      /(?:\$ ?[\d.]+|dollars?|bucks?|cents?|usd|\d) ?(?:\/|for|per)? ?$/i.test(text.slice(0, match.index))
    )
      continue
    if (value !== undefined)
      found.push(candidate('duration', value, match.index, match[0], words === 'overnight' ? 20 : 55))
  }
  return found
}

function wordDuration(words: string): string | undefined {
  if (words === 'overnight') return 'PT8H'
  if (words.startsWith('half')) return 'PT30M'
  const unit = /hour|day|week|month|minute/.exec(words)?.[0] ?? 'hour'
  if (words.endsWith('and a half')) return unit === 'hour' ? 'PT90M' : unit === 'day' ? 'PT36H' : undefined
  return isoDuration(words.includes('couple') ? 2 : 1, unit)
}

function joinDurations(a: string, b: string): string {
  return a.startsWith('PT') && b.startsWith('PT') ? a + b.slice(2) : a + (b.startsWith('PT') ? b.slice(1) : b.slice(1))
}

const CLOCK =
  '(?:(?:[01]?\\d|2[0-3]):[0-5]\\d(?: ?[ap]\\.?m\\.?)?|(?:1[0-2]|0?[1-9]) ?[ap]\\.?m\\.?|noon|midnight|midday)'
const LOOSE_CLOCK = `(?:${CLOCK}|(?:2[0-4]|1\\d|0?\\d)(?: ?o'?clock|h\\b|(?![\\w%.:$])))`

/** 24-hour HH:MM of "8am", "18:30", "noon"; undefined when it is no time of day. */
export function parseClock(raw: string, guessPm = false): string | undefined {
  const text = raw.trim().toLowerCase().replace(/\./g, '')
  if (text === 'noon' || text === 'midday') return '12:00'
  if (text === 'midnight') return '00:00'
  const match = /^(\d{1,2})(?::(\d{2}))?\s*(am|pm|o'?clock|h)?$/.exec(text)
  if (match === null) return undefined
  let hour = Number(match[1])
  if (match[3] === 'pm' && hour < 12) hour += 12
  if (match[3] === 'am' && hour === 12) hour = 0
  if (match[3] !== 'am' && match[3] !== 'pm' && guessPm && hour < 12) hour += 12
  if (hour > 24) return undefined
  return `${String(hour % 24).padStart(2, '0')}:${match[2] ?? '00'}`
}

const RANGE = new RegExp(
  `\\b(?:from |between )?(${LOOSE_CLOCK}) ?(?:-|to|until|till|til|through|and) ?(${LOOSE_CLOCK})`,
  'gi',
)
const WINDOW_WORDS: readonly (readonly [RegExp, Window])[] = [
  [
    /\b(?:during|in|over|through) the (?:day(?:time)?|working day)\b|\bduring (?:daytime|work(?:ing)? hours|business hours|office hours)\b|\b(?:in|by) (?:the )?daytime\b|\bby day\b/gi,
    { start: '08:00', end: '18:00' },
  ],
  [
    /\b(?:at|during the|over the|through the|by) nights?\b|\bovernight\b|\bnight[- ]?time\b|\b(?:after|outside(?: of)?) (?:working|business|office) hours\b/gi,
    { start: '20:00', end: '08:00' },
  ],
  [/\b(?:on|at|over|during|for) (?:the )?week[- ]?ends?\b|\bweekends only\b/gi, { days: ['sat', 'sun'] }],
  [/\b(?:on|during|for) (?:the )?week ?days\b|\bweekdays only\b/gi, { days: ['mon', 'tue', 'wed', 'thu', 'fri'] }],
]

export function scanWindows(text: string): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(RANGE)) {
    const lead = /^(?:from|between) /i.test(match[0])
    const strict = new RegExp(`^${CLOCK}$`, 'i')
    const named = strict.test(match[1] ?? '') || strict.test(match[2] ?? '')
    // "9 to 5" is the working day; other bare pairs ("1 to 4 replicas") are counts, not times.
    const nineToFive = /^9 ?(?:-|to) ?5$/i.test(match[0].trim())
    if (!named && !nineToFive && !(lead && /o'?clock|h$/i.test(match[0]))) continue
    let opening = match[1] ?? ''
    const closing = match[2] ?? ''
    if (/^\d{1,2}$/.test(opening) && /([ap])\.?m/i.test(closing) && Number(opening) < Number.parseInt(closing, 10))
      opening += /([ap])\.?m/i.exec(closing)?.[0] ?? ''
    const start = parseClock(opening)
    const end = parseClock(closing, nineToFive)
    if (start !== undefined && end !== undefined)
      found.push(candidate('window', { start, end }, match.index, match[0], 68))
  }
  for (const [pattern, value] of WINDOW_WORDS) {
    for (const match of text.matchAll(pattern)) found.push(candidate('window', value, match.index, match[0], 30))
  }
  return found
}

const TIME = new RegExp(`\\b(?:at |by |around |from |until |till |before |after |past )?(${CLOCK})`, 'gi')

export function scanTimes(text: string): Candidate[] {
  return [...text.matchAll(TIME)].flatMap((match) => {
    const value = parseClock(match[1] ?? '')
    return value === undefined ? [] : [candidate('time', value, match.index, match[0], 35)]
  })
}

const WHEN =
  /\b(?:since |from |until |before |by |for )?(?:tonight|tomorrow(?: (?:morning|night|evening|afternoon))?|today|yesterday|this (?:morning|afternoon|evening|weekend|week|month|quarter|year)|last (?:night|week|month|quarter|year|weekend|\d+ (?:hours?|days?|minutes?|mins?|weeks?)|hour|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:the )?past (?:\d+ )?(?:hours?|days?|weeks?|months?)|next (?:week|month|weekend|hour|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:january|february|march|april|june|july|august|september|october|november|december)|right now|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/gi

export function scanWhens(text: string): Candidate[] {
  return [...text.matchAll(WHEN)].map((match) =>
    candidate(
      'when',
      match[0]
        .toLowerCase()
        .replace(/^(?:since|from|until|before|by|for|the) /, '')
        .trim(),
      match.index,
      match[0],
      25,
    ),
  )
}

const DAYS: Readonly<Record<string, number>> = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 }
const DAY = '(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?'
const AT = `(?:,? ?(?:(?:at|around|@|by) (?=${LOOSE_CLOCK})|(?=${CLOCK}))(${LOOSE_CLOCK}))?`
const EVERY: readonly (readonly [RegExp, (match: RegExpMatchArray) => Schedule | undefined])[] = [
  [
    new RegExp(`\\b(?:every|each|once every|one every|per) (?:other|second) (hour|day|week|minute)${AT}`, 'gi'),
    (m) => ({ every: isoDuration(2, m[1] ?? '') }),
  ],
  [
    new RegExp(
      `\\b(?:every|each|once every|once per|once an?)[ -]?(${NUMBER})?[ -]?(minutes?|mins?|min|m|hours?|hrs?|hr|h|half[- ]hour|quarter[- ]hour|seconds?|secs?)\\b`,
      'gi',
    ),
    everyShort,
  ],
  [
    new RegExp(`\\b(?:every|each|once every) (${NUMBER}) (days?|weeks?|nights?|months?)${AT}`, 'gi'),
    (m) => ({ every: isoDuration(parseNumber(m[1] ?? '1'), m[2] ?? '') }),
  ],
  [
    new RegExp(
      `\\b(?:every|each|on|once an?|once per|per) ?(?:week ?day|working day|work ?day|business day)s?${AT}`,
      'gi',
    ),
    (m) => cronAt(m[1], '1-5', '09:00'),
  ],
  [
    new RegExp(`\\b(?:every|each|on|at) ?week ?ends?${AT}`, 'gi'),
    (m) => (/^(?:every|each)/i.test(m[0]) || m[1] !== undefined ? cronAt(m[1], '0,6', '09:00') : undefined),
  ],
  [
    new RegExp(`\\b(mon|tues|wednes|thurs|fri|satur|sun)days\\b${AT}`, 'gi'),
    (m) => cronAt(m[2], String(DAYS[(m[1] ?? '').toLowerCase().slice(0, 3)] ?? 1), '09:00'),
  ],
  [new RegExp(`\\bweek ?days\\b${AT}`, 'gi'), (m) => (m[1] === undefined ? undefined : cronAt(m[1], '1-5', '09:00'))],
  [new RegExp(`\\b(?:every|each|on|all) (${DAY})s?(?: (morning|night|evening|afternoon|noon))?${AT}`, 'gi'), everyDay],
  [
    new RegExp(`\\b(?:every|each) (day|night|evening|morning|afternoon|week|month|midnight|noon)${AT}`, 'gi'),
    everyPart,
  ],
  [new RegExp(`\\b(daily|nightly|hourly|weekly|monthly)${AT}`, 'gi'), (m) => adverb(m[1] ?? '', m[2])],
  [
    new RegExp(
      `\\b(once|twice|three times|two times|four times|${NUMBER}x|\\d+ times) (?:a|per|every|each|an) (hour|day|week|night)${AT}`,
      'gi',
    ),
    timesPer,
  ],
  [
    /\bcron(?:tab)?(?: expression)?:? ?["']?((?:[\d*/,-]+ ){4}[\d*/,a-z-]+)["']?|["']((?:[\d*/,-]+ ){4}[\d*/,a-z-]+)["']/gi,
    (m) => ({ cron: (m[1] ?? m[2] ?? '').trim() }),
  ],
]

export function scanSchedules(text: string): Candidate[] {
  const found: Candidate[] = []
  for (const [pattern, read] of EVERY) {
    for (const match of text.matchAll(pattern)) {
      const value = read(match)
      if (value !== undefined) found.push(candidate('schedule', value, match.index, match[0], 80))
    }
  }
  return found
}

/** The bare adjective in "a daily report" says what the report covers; it is a schedule only beside a verb of planning. */
export function isBareAdverb(text: string): boolean {
  return /^(?:daily|nightly|hourly|weekly|monthly)$/i.test(text.trim())
}

function everyShort(match: RegExpMatchArray): Schedule {
  const unit = (match[2] ?? '').toLowerCase()
  if (unit.startsWith('half')) return { every: 'PT30M' }
  if (unit.startsWith('quarter')) return { every: 'PT15M' }
  return { every: isoDuration(match[1] === undefined ? 1 : parseNumber(match[1]), unit) }
}

function timesPer(match: RegExpMatchArray): Schedule | undefined {
  const raw = (match[1] ?? '').toLowerCase()
  const times = raw === 'once' ? 1 : raw === 'twice' ? 2 : parseNumber(raw.replace(/x$| times$/, ''))
  const hours = { hour: 1, day: 24, night: 24, week: 168 }[(match[2] ?? 'day').toLowerCase()] ?? 24
  if (times === 1 && match[3] !== undefined) return cronAt(match[3], '*', '00:00')
  if (times === 1) return { every: hours === 1 ? 'PT1H' : hours === 24 ? 'P1D' : 'P1W' }
  const minutes = Math.round((hours * 60) / times)
  return { every: minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M` }
}

function adverb(word: string, at: string | undefined): Schedule | undefined {
  switch (word.toLowerCase()) {
    case 'hourly':
      return { every: 'PT1H' }
    case 'nightly':
      return cronAt(at, '*', '02:00')
    case 'daily':
      return at === undefined ? { every: 'P1D' } : cronAt(at, '*', '00:00')
    case 'weekly':
      return at === undefined ? { every: 'P1W' } : cronAt(at, '1', '00:00')
    default:
      return { cron: '0 0 1 * *' }
  }
}

const PARTS: Readonly<Record<string, string>> = {
  night: '02:00',
  evening: '18:00',
  morning: '08:00',
  afternoon: '14:00',
  midnight: '00:00',
  noon: '12:00',
}

function everyPart(match: RegExpMatchArray): Schedule | undefined {
  const part = (match[1] ?? '').toLowerCase()
  if (part === 'week') return match[2] === undefined ? { every: 'P1W' } : cronAt(match[2], '1', '00:00')
  if (part === 'month') return { cron: '0 0 1 * *' }
  if (part === 'day') return match[2] === undefined ? { every: 'P1D' } : cronAt(match[2], '*', '00:00')
  return cronAt(match[2], '*', PARTS[part] ?? '00:00', part === 'evening' || part === 'afternoon')
}

function everyDay(match: RegExpMatchArray): Schedule | undefined {
  const whole = match[0]
  const plural = /days\b/i.test(whole)
  // "on friday" is one day, "on fridays", "every friday" and "all fridays" come back.
  if (/^on /i.test(whole) && !plural) return undefined
  const day = DAYS[(match[1] ?? '').toLowerCase().slice(0, 3)]
  return cronAt(match[3], String(day ?? 1), PARTS[(match[2] ?? '').toLowerCase()] ?? '09:00')
}

function cronAt(clock: string | undefined, days: string, fallback: string, guessPm = false): Schedule | undefined {
  const time = clock === undefined ? fallback : parseClock(clock, guessPm)
  if (time === undefined) return undefined
  const [hour, minute] = time.split(':').map(Number)
  return { cron: `${minute} ${hour} * * ${days}` }
}
