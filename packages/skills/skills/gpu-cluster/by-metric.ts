import type { GpuView } from '@clawbernetes/protocol/views/gpu'

export const METRICS = {
  temperature: 'tempC',
  temp: 'tempC',
  utilization: 'utilPct',
  utilisation: 'utilPct',
  util: 'utilPct',
  memory: 'memUsedMib',
  power: 'powerW',
} as const
export type Metric = (typeof METRICS)[keyof typeof METRICS]

export const UNIT: Record<Metric, string> = { tempC: ' °C', utilPct: ' %', powerW: ' W', memUsedMib: ' MiB' }
const NAME: Record<Metric, [highest: string, lowest: string, mean: string]> = {
  tempC: ['The hottest', 'The coolest', 'mean temperature'],
  utilPct: ['The busiest', 'The least busy', 'mean utilisation'],
  powerW: ['The one that draws most', 'The one that draws least', 'mean power'],
  memUsedMib: ['The fullest', 'The emptiest', 'mean memory use'],
}
const FOLLOWERS = 2

/** GPUs in the order of a metric; those that do not report now have no place in it and come last. */
export function byMetric(gpus: readonly GpuView[], metric: Metric, aggregate: string): GpuView[] {
  const sign = isLowest(aggregate) ? 1 : -1
  const known = gpus.filter((gpu) => valueOf(gpu, metric) !== null)
  const rest = gpus.filter((gpu) => valueOf(gpu, metric) === null)
  return [...known.toSorted((a, b) => sign * ((valueOf(a, metric) ?? 0) - (valueOf(b, metric) ?? 0))), ...rest]
}

/** "The hottest is node-06 GPU 3 with 91 °C; then …", or the mean; of the GPUs that report now. */
export function metricWords(gpus: readonly GpuView[], metric: Metric, aggregate: string): string {
  const known = byMetric(gpus, metric, aggregate).filter((gpu) => valueOf(gpu, metric) !== null)
  const [first, ...others] = known
  const [highest, lowest, mean] = NAME[metric]
  if (!first) return 'No GPU reports that now.'
  if (/^(?:avg|average|mean)$/i.test(aggregate)) {
    const sum = known.reduce((total, gpu) => total + (valueOf(gpu, metric) ?? 0), 0)
    return `The ${mean} of ${known.length} GPUs that report is ${Math.round(sum / known.length)}${UNIT[metric]}.`
  }
  const words = (gpu: GpuView) =>
    `${gpu.nodeName} GPU ${gpu.index} with ${Math.round(valueOf(gpu, metric) ?? 0)}${UNIT[metric]}`
  const holder = first.workload ? `, held by ${first.workload.name}` : ''
  const then = others.slice(0, FOLLOWERS).map(words)
  return `${isLowest(aggregate) ? lowest : highest} is ${words(first)}${holder}${then.length > 0 ? `; then ${then.join(' and ')}` : ''}.`
}

const isLowest = (aggregate: string): boolean => /^(?:min|minimum|lowest|least|asc)/i.test(aggregate)
const valueOf = (gpu: GpuView, metric: Metric): number | null =>
  gpu.sample.stale ? null : (gpu.reading[metric] ?? null)
