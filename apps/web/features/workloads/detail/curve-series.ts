import type { WorkloadMetrics } from '@clawbernetes/protocol/views/workload-log'
import { type ChartSeries, type ChartWindow, MAX_POINTS } from '../../../ui/charts/chart-data'

type Curve = WorkloadMetrics['curves'][number]

/**
 * A curve on an even grid of steps. A trainer reports every so many steps, so a cell without a report is no gap: it takes
 * the value before it, and nothing stands before the first report.
 */
export function curveSeries(
  curve: Pick<Curve, 'name' | 'points'>,
  slot: number,
): { series: ChartSeries; window: ChartWindow } | null {
  const first = curve.points[0]
  const last = curve.points.at(-1)
  if (!first || !last) return null
  const stepMs = Math.max(1, Math.ceil((last.step - first.step + 1) / MAX_POINTS))
  const count = Math.floor((last.step - first.step) / stepMs) + 1
  const values: (number | null)[] = Array.from({ length: count }, () => null)
  for (const point of curve.points) values[Math.floor((point.step - first.step) / stepMs)] = point.value
  for (let index = 1; index < count; index++) values[index] ??= values[index - 1] ?? null
  return {
    series: { key: curve.name, name: curveLabel(curve.name), slot, values },
    window: { fromMs: first.step, toMs: first.step + count * stepMs, stepMs },
  }
}

const LABELS: Record<string, string> = {
  loss: 'Loss',
  eval_loss: 'Evaluation loss',
  learning_rate: 'Learning rate',
  grad_norm: 'Gradient norm',
  tokens_per_second: 'Tokens per second',
  tokens_per_s: 'Tokens per second',
  samples_per_second: 'Samples per second',
  step_time_s: 'Step time',
  accuracy: 'Accuracy',
  perplexity: 'Perplexity',
  epoch: 'Epoch',
}
export const curveLabel = (name: string): string => LABELS[name] ?? name.replaceAll('_', ' ')

/** Numbers of training are rarely round: four significant digits, tiny ones as trainers print them. */
export function formatCurveValue(name: string, value: number | null): string {
  if (value === null) return '—'
  if (name === 'step_time_s') return `${value.toPrecision(3)}\u202fs`
  const size = Math.abs(value)
  if (size !== 0 && size < 0.001) return value.toExponential(2)
  return size >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(4)))
}

/** What people look at first comes first. */
const ORDER = [
  'loss',
  'eval_loss',
  'tokens_per_second',
  'samples_per_second',
  'step_time_s',
  'learning_rate',
  'grad_norm',
]
export function sortCurves<T extends { name: string }>(curves: readonly T[]): T[] {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return [...curves].sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name))
}
