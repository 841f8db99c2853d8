import type { CounterHistory } from '@clawbernetes/protocol/views/gpu'
import type { NodeSeries } from '@clawbernetes/protocol/views/series'
import type { ChartSeries, ChartWindow } from '../../ui/charts/chart-data'

type GpuMetric = keyof NodeSeries['gpuMetrics']

/** One line per GPU of a node; its colour belongs to its index, so that it is the same on every chart. */
export function gpuLines(series: NodeSeries | undefined, metric: GpuMetric): ChartSeries[] {
  return (series?.gpuMetrics[metric] ?? []).map((gpu) => ({
    key: gpu.gpuId,
    name: `GPU ${gpu.index}`,
    slot: gpu.index,
    values: gpu.avg,
    peaks: gpu.peak,
  }))
}

/** The same limit on all GPUs is the chart's limit; where they differ there is none to draw. */
export function commonLimit(limits: readonly (number | null)[]): number | null {
  const [first] = limits
  return first !== undefined && limits.every((limit) => limit === first) ? first : null
}

/** A counter as a step line on a chart's grid: it holds its value until it changes, and is unknown before it is known. */
export function counterLine(
  history: CounterHistory,
  kind: string,
  window: ChartWindow,
  line: Pick<ChartSeries, 'key' | 'name' | 'slot'>,
): ChartSeries | null {
  const ofKind = history.points.filter((point) => point.kind === kind && point.location === 'total')
  const told = history.summaries.filter((one) => one.kind === kind && one.location === 'total')
  const sinceBoot = [...ofKind, ...told].some((one) => one.scope === 'volatile')
  // What counts since boot is what findings speak of; the life-long count stands in for it where it is missing.
  const scope = sinceBoot ? 'volatile' : 'aggregate'
  const points = ofKind.filter((point) => point.scope === scope)
  const start = history.summaries.find((one) => one.kind === kind && one.location === 'total' && one.scope === scope)
  if (points.length === 0 && !start) return null
  const count = Math.ceil((window.toMs - window.fromMs) / window.stepMs)
  let value: number | null = start?.before ?? (points.length === 0 ? (start?.now ?? null) : null)
  let next = 0
  const values = Array.from({ length: count }, (_, index) => {
    const endMs = window.fromMs + (index + 1) * window.stepMs
    for (let point = points[next]; point && point.atMs < endMs; point = points[next]) {
      value = point.value
      next += 1
    }
    return value
  })
  return { ...line, values }
}
