'use client'
import type { FleetSeries, FleetSeriesMetric } from '@clawbernetes/protocol/views/series'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { useTRPC } from '@/trpc/client'
import type { ChartSeries } from '@/ui/charts/chart-data'
import { TimeSeries } from '@/ui/charts/time-series'
import { formatCount, formatPercent, formatPower } from '@/ui/format'
import { Skeleton } from '@/ui/skeleton'
import { RangeSelect } from './range-select'
import { RANGE_KEYS, type SeriesWindow, useSeriesWindow } from './time-range'

const METRICS: FleetSeriesMetric[] = ['utilPct', 'gpusAllocated', 'gpusReporting', 'powerW']
const PERCENT = { min: 0, max: 100 }
const GRID = 'grid gap-2 [grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr))]'

/** The fleet as a whole over time, a point per minute. */
export function FleetCharts() {
  const trpc = useTRPC()
  const [range, setRange] = useQueryState('range', parseAsStringLiteral(RANGE_KEYS).withDefault('1h'))
  const window = settled(useSeriesWindow(range))
  const query = useQuery(
    trpc.telemetry.fleetSeries.queryOptions(
      { window, metrics: METRICS },
      { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 },
    ),
  )
  return (
    <section aria-labelledby="fleet-charts" className="grid gap-2">
      <div className="flex items-center gap-2">
        <h2 id="fleet-charts" className="text-base font-semibold">
          Over time
        </h2>
        <span className="text-sm text-muted">by the minute, up to two minutes behind</span>
        <div className="ml-auto">
          <RangeSelect value={range} onChange={(next) => void setRange(next)} />
        </div>
      </div>
      <PanelError title="The fleet's history could not be read" query={query} />
      {query.data ? (
        <Charts series={query.data} />
      ) : query.isPending ? (
        <div className={GRID} role="status" aria-label="Loading charts">
          {METRICS.slice(0, 3).map((metric) => (
            <Skeleton key={metric} className="h-52" />
          ))}
        </div>
      ) : null}
    </section>
  )
}

/** The fleet's figures are summed up a minute or two after the fact: the window ends where they can be there. */
const LAG_MS = 120_000
const MINUTE_MS = 60_000
function settled(window: SeriesWindow): SeriesWindow {
  const back = (atMs: number) => Math.floor((atMs - LAG_MS) / MINUTE_MS) * MINUTE_MS
  return { ...window, fromMs: back(window.fromMs), toMs: back(window.toMs) }
}

function Charts({ series }: { series: FleetSeries }) {
  const window = useMemo(
    () => ({ fromMs: series.fromMs, toMs: series.toMs, stepMs: series.stepMs }),
    [series.fromMs, series.toMs, series.stepMs],
  )
  const lines = useMemo(() => {
    const of = (metric: FleetSeriesMetric, name: string, slot: number): ChartSeries => ({
      key: metric,
      name,
      slot,
      values: series.metrics[metric]?.avg ?? [],
    })
    return {
      util: [of('utilPct', 'Mean of all GPUs', 0)],
      gpus: [of('gpusReporting', 'Reporting', 5), of('gpusAllocated', 'Allocated', 0)],
      power: [of('powerW', 'GPUs', 1)],
    }
  }, [series])
  const common = { window, syncId: 'fleet', height: 132 }
  return (
    <div className={GRID}>
      <TimeSeries {...common} title="Utilisation" series={lines.util} range={PERCENT} format={formatPercent} />
      <TimeSeries {...common} title="GPUs" series={lines.gpus} format={formatCount} />
      <TimeSeries {...common} title="Power" series={lines.power} format={formatPower} />
    </div>
  )
}
