import { type ChartSeries, type ChartWindow, type Gap, lastKnown, type Threshold } from './chart-data'

type Words = {
  title: string
  series: readonly ChartSeries[]
  window: ChartWindow
  gaps: readonly Gap[]
  thresholds: readonly Threshold[]
  format: (value: number | null) => string
  formatTime: (atMs: number) => string
}

/** One sentence that says what somebody who cannot see the chart would want to know of it. */
export function describeChart({ title, series, window, gaps, thresholds, format, formatTime }: Words): string {
  const told = series.filter((line) => lastKnown(line.values) !== null)
  if (told.length === 0) return `${title}: no data between ${formatTime(window.fromMs)} and ${formatTime(window.toMs)}.`
  const parts = [`${title}: ${told.length === 1 && told[0] ? oneLine(told[0], format) : manyLines(told, format)}`]
  const breach = firstBreach(told, thresholds, window)
  if (breach) parts.push(`${breach.name} reached ${breach.label} at ${formatTime(breach.atMs)}`)
  const gap = gaps.at(-1)
  if (gap) parts.push(`no data ${formatTime(gap.fromMs)}–${formatTime(gap.toMs)}`)
  return `${parts.join('; ')}.`
}

function oneLine(line: ChartSeries, format: (value: number | null) => string): string {
  const known = line.values.filter((value): value is number => value !== null)
  const low = Math.min(...known)
  const high = Math.max(...known)
  const last = format(lastKnown(line.values))
  return low === high ? `${last} throughout` : `between ${format(low)} and ${format(high)}, now ${last}`
}

function manyLines(lines: readonly ChartSeries[], format: (value: number | null) => string): string {
  const now = lines
    .map((line) => ({ name: line.name, last: lastKnown(line.values) ?? 0 }))
    .sort((a, b) => b.last - a.last)
  const highest = now[0]
  const lowest = now[now.length - 1]
  if (!highest || !lowest) return ''
  return highest.last === lowest.last
    ? `all ${lines.length} at ${format(highest.last)}`
    : `now from ${format(lowest.last)} (${lowest.name}) to ${format(highest.last)} (${highest.name})`
}

function firstBreach(lines: readonly ChartSeries[], thresholds: readonly Threshold[], window: ChartWindow) {
  const worst = thresholds.toSorted((a, b) => b.value - a.value)
  for (const threshold of worst)
    for (const line of lines) {
      const index = line.values.findIndex((value) => value !== null && value >= threshold.value)
      if (index >= 0) return { name: line.name, label: threshold.label, atMs: window.fromMs + index * window.stepMs }
    }
  return null
}
