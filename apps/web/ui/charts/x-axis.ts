import { type ChartWindow, timeTicks } from './chart-data'

export type ChartAxis = 'time' | 'step'

/** Full minutes of the reader's zone, or round steps. */
export function axisTicks(axis: ChartAxis, window: ChartWindow, max: number): number[] {
  if (axis === 'time') return timeTicks(window, max, -new Date(window.toMs).getTimezoneOffset() * 60_000)
  const span = window.toMs - window.fromMs
  const power = 10 ** Math.floor(Math.log10(Math.max(1, span / max)))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= max) ?? power * 10
  const ticks: number[] = []
  for (let at = Math.ceil(window.fromMs / step) * step; at <= window.toMs; at += step) ticks.push(at)
  return ticks
}

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
export const printAxisValue = (axis: ChartAxis, at: number): string =>
  axis === 'time' ? MOMENT.format(at) : `step ${Math.round(at).toLocaleString('en')}`
