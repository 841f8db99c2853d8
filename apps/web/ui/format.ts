/**
 * Every number and time on screen goes through here. Three rules hold throughout: a missing value prints "—" and never 0;
 * units stand after a narrow no-break space; and nothing is rounded up to a state it has not reached (99.96 % is not 100 %).
 */
export const UNKNOWN = '—'
const NNBSP = '\u202f'
type Maybe = number | null | undefined

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

function known(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

export function formatCount(value: Maybe): string {
  if (!known(value)) return UNKNOWN
  return Math.abs(value) >= 100_000 ? compact.format(value) : grouped.format(value)
}

/** "1 node", "8 nodes"; an unknown count keeps the plural. */
export function formatPlural(value: Maybe, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`
}

function gib(mib: number): { value: string; unit: 'GiB' | 'TiB' } {
  const inGib = mib / 1024
  if (inGib >= 1024) return { value: (inGib / 1024).toFixed(1), unit: 'TiB' }
  return { value: inGib < 100 ? inGib.toFixed(1) : grouped.format(Math.round(inGib)), unit: 'GiB' }
}

export function formatMemory(mib: Maybe): string {
  if (!known(mib)) return UNKNOWN
  const { value, unit } = gib(mib)
  return `${value}${NNBSP}${unit}`
}

/** "71.2 / 80.0 GiB"; either side may be unknown. */
export function formatMemoryOf(usedMib: Maybe, totalMib: Maybe): string {
  if (!known(totalMib)) return known(usedMib) ? formatMemory(usedMib) : UNKNOWN
  const total = gib(totalMib)
  if (!known(usedMib)) return `${UNKNOWN} / ${total.value}${NNBSP}${total.unit}`
  const used = gib(usedMib)
  const usedText = used.unit === total.unit ? used.value : `${used.value}${NNBSP}${used.unit}`
  return `${usedText} / ${total.value}${NNBSP}${total.unit}`
}

export function formatBytes(bytes: Maybe): string {
  if (!known(bytes)) return UNKNOWN
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let at = 0
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at += 1
  }
  const digits = at === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0
  return `${value.toFixed(digits)}${NNBSP}${units[at]}`
}

export function formatRate(bytesPerSecond: Maybe): string {
  return known(bytesPerSecond) ? `${formatBytes(bytesPerSecond)}/s` : UNKNOWN
}

export type TemperatureUnit = 'C' | 'F'

export function formatTemperature(celsius: Maybe, unit: TemperatureUnit = 'C'): string {
  if (!known(celsius)) return UNKNOWN
  const value = unit === 'F' ? celsius * 1.8 + 32 : celsius
  return `${Math.round(value)}${NNBSP}°${unit}`
}

export function formatPower(watts: Maybe): string {
  if (!known(watts)) return UNKNOWN
  return watts >= 10_000 ? `${(watts / 1000).toFixed(1)}${NNBSP}kW` : `${grouped.format(Math.round(watts))}${NNBSP}W`
}

export function formatEnergy(wattHours: Maybe): string {
  return known(wattHours) ? `${(wattHours / 1000).toFixed(1)}${NNBSP}kWh` : UNKNOWN
}

export function formatClock(mhz: Maybe): string {
  return known(mhz) ? `${grouped.format(Math.round(mhz))}${NNBSP}MHz` : UNKNOWN
}

/** `percent` is 0..100. Small values keep a decimal, and only an exact 0 or 100 prints as one. */
export function formatPercent(percent: Maybe, options: { decimals?: number } = {}): string {
  if (!known(percent)) return UNKNOWN
  const abs = Math.abs(percent)
  if (abs > 0 && abs < 0.1) return `<0.1${NNBSP}%`
  let decimals = options.decimals ?? (abs > 0 && abs < 1 ? 1 : 0)
  if (abs < 100 && abs > 99 && Number(abs.toFixed(decimals)) >= 100) decimals = Math.max(decimals, 2)
  return `${percent.toFixed(decimals)}${NNBSP}%`
}

/** Totals, from micro-dollars. `signed` prints "+" for a rise, for cost changes. */
export function formatMoney(microUsd: Maybe, options: { signed?: boolean } = {}): string {
  if (!known(microUsd)) return UNKNOWN
  const dollars = microUsd / 1_000_000
  const sign = dollars < 0 ? '−' : options.signed ? '+' : ''
  const text = Math.abs(dollars).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return `${sign}$${text}`
}

export function formatGpuHourPrice(microUsd: Maybe): string {
  if (!known(microUsd)) return UNKNOWN
  const dollars = microUsd / 1_000_000
  const digits = dollars !== 0 && Math.abs(dollars) < 0.1 ? 4 : 2
  return `$${dollars.toFixed(digits)}/GPU-h`
}

const DURATION_UNITS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1000 },
] as const

/** At most two units, "1 m 48 s"; below ten seconds with a decimal, below one in milliseconds. */
export function formatDuration(durationMs: Maybe): string {
  if (!known(durationMs)) return UNKNOWN
  const ms = Math.max(0, durationMs)
  if (ms === 0) return `0${NNBSP}s`
  if (ms < 1000) return `${Math.max(1, Math.round(ms))}${NNBSP}ms`
  if (ms < 9950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')}${NNBSP}s`
  const parts: string[] = []
  let rest = Math.round(ms / 1000) * 1000
  for (const [index, { unit, ms: size }] of DURATION_UNITS.entries()) {
    const amount = Math.floor(rest / size)
    if (amount === 0 && parts.length === 0) continue
    // "3 d 0 h" says nothing that "3 d" does not.
    if (amount > 0) parts.push(`${amount}${NNBSP}${unit}`)
    rest -= amount * size
    if (parts.length === 2 || DURATION_UNITS[index + 1] === undefined) break
    if (parts.length === 1 && amount === 0) break
  }
  return parts.join(' ')
}

/** An estimate always carries "~". */
export function formatEstimate(durationMs: Maybe): string {
  return known(durationMs) ? `~${formatDuration(roundEstimate(durationMs))}` : UNKNOWN
}

function roundEstimate(ms: number): number {
  if (ms < 60_000) return Math.max(1000, Math.round(ms / 1000) * 1000)
  if (ms < 3_600_000) return Math.round(ms / 60_000) * 60_000
  return Math.round(ms / 300_000) * 300_000
}

export type TimeInput = Date | number | string

function toDate(value: TimeInput): Date {
  return value instanceof Date ? value : new Date(value)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than a thousand uses of it. */
function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options)
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', options)
  formatters.set(key, made)
  return made
}

/** "22 Nov 14:02", with the year only where it is not this one. */
export function formatAbsolute(
  value: TimeInput | null | undefined,
  nowMs: number,
  options: { timeZone?: string; seconds?: boolean; zone?: boolean } = {},
): string {
  if (value === null || value === undefined) return UNKNOWN
  const date = toDate(value)
  if (Number.isNaN(date.getTime())) return UNKNOWN
  const sameYear = date.getUTCFullYear() === new Date(nowMs).getUTCFullYear()
  const day = formatter({
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric',
    timeZone: options.timeZone,
  }).format(date)
  return `${day} ${formatTimeOfDay(date, options)}`
}

export function formatTimeOfDay(
  value: TimeInput,
  options: { timeZone?: string; seconds?: boolean; zone?: boolean } = {},
): string {
  return formatter({
    hour: '2-digit',
    minute: '2-digit',
    second: options.seconds ? '2-digit' : undefined,
    timeZone: options.timeZone,
    timeZoneName: options.zone ? 'short' : undefined,
  }).format(toDate(value))
}

/** "4 s ago", "in 3 h"; one unit. From 24 hours on the absolute time says more. */
export function formatRelative(
  value: TimeInput | null | undefined,
  nowMs: number,
  options: { timeZone?: string } = {},
): string {
  if (value === null || value === undefined) return UNKNOWN
  const at = toDate(value).getTime()
  if (Number.isNaN(at)) return UNKNOWN
  const delta = nowMs - at
  const abs = Math.abs(delta)
  if (abs < 1000) return 'now'
  if (abs >= 86_400_000) return formatAbsolute(at, nowMs, options)
  const size = DURATION_UNITS.find((candidate) => abs >= candidate.ms) ?? { unit: 's', ms: 1000 }
  const text = `${Math.floor(abs / size.ms)}${NNBSP}${size.unit}`
  return delta > 0 ? `${text} ago` : `in ${text}`
}

/** A countdown: "1:12" below an hour, then as a duration. Never negative. */
export function formatCountdown(remainingMs: Maybe): string {
  if (!known(remainingMs)) return UNKNOWN
  const seconds = Math.max(0, Math.ceil(remainingMs / 1000))
  if (seconds >= 3600) return formatDuration(seconds * 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Long ids are shortened in the middle; the full id belongs in a title and in what Copy copies. */
export function formatId(id: string | null | undefined): string {
  if (!id) return UNKNOWN
  const prefix = /^(GPU-|MIG-|[a-z]+_)/.exec(id)?.[0] ?? ''
  const rest = id.slice(prefix.length)
  return rest.length <= 10 ? id : `${prefix}${rest.slice(0, 4)}…${rest.slice(-4)}`
}

/** Counters that may be unknown, not collected, or zero: three different things. */
export function formatCounter(value: Maybe, options: { collected?: boolean; signed?: boolean } = {}): string {
  if (options.collected === false) return 'not collected'
  if (!known(value)) return UNKNOWN
  return options.signed && value > 0 ? `+${formatCount(value)}` : formatCount(value)
}
