'use client'
import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import type { NodeEvent } from '@clawbernetes/protocol/views/node'
import type { GpuSeries, GpuSeriesMetric } from '@clawbernetes/protocol/views/series'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { usePreferences } from '@/features/shell/preferences-context'
import { useTRPC } from '@/trpc/client'
import type { ChartSeries, ChartWindow } from '@/ui/charts/chart-data'
import { TimeSeries } from '@/ui/charts/time-series'
import { formatMemory, formatPercent, formatPower, formatTemperature } from '@/ui/format'
import { Skeleton } from '@/ui/skeleton'
import { CounterChart, plotEvents } from './counter-chart'
import { CounterTable } from './counter-table'
import { formatMemoryTick } from './memory-tick'
import { RangeSelect } from './range-select'
import { type Range, useSeriesWindow } from './time-range'

const METRICS: GpuSeriesMetric[] = ['utilPct', 'memUsedMib', 'tempC', 'powerW']
const PERCENT = { min: 0, max: 100 }

/** One GPU over time, with its counters and events on the same axis. */
export function GpuHistory({ gpu, events }: { gpu: GpuView; events: readonly NodeEvent[] }) {
  const [range, setRange] = useState<Range>('1h')
  const trpc = useTRPC()
  const asked = useSeriesWindow(range)
  const query = useQuery(
    trpc.telemetry.gpuSeries.queryOptions(
      { gpuId: gpu.id, window: asked, metrics: METRICS },
      { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 },
    ),
  )
  return (
    <section aria-label="History" className="grid gap-2">
      <div className="flex items-center">
        <h3 className="font-semibold">Over time</h3>
        <div className="ml-auto">
          <RangeSelect value={range} onChange={setRange} />
        </div>
      </div>
      <PanelError title="The history could not be read" query={query} />
      {query.data ? (
        <Charts gpu={gpu} series={query.data} events={events} asked={asked} />
      ) : query.isPending ? (
        <Skeleton className="h-56" />
      ) : null}
    </section>
  )
}

type ChartsProps = {
  gpu: GpuView
  series: GpuSeries
  events: readonly NodeEvent[]
  asked: { fromMs: number; toMs: number; maxPoints: number }
}

function Charts({ gpu, series, events, asked }: ChartsProps) {
  const { preferences } = usePreferences()
  const window: ChartWindow = useMemo(
    () => ({ fromMs: series.fromMs, toMs: series.toMs, stepMs: series.stepMs }),
    [series.fromMs, series.toMs, series.stepMs],
  )
  const lines = useMemo(() => {
    const of = (metric: GpuSeriesMetric): ChartSeries[] => [
      { key: metric, name: `GPU ${gpu.index}`, slot: gpu.index, values: series.metrics[metric]?.avg ?? [] },
    ]
    return { util: of('utilPct'), memory: of('memUsedMib'), temp: of('tempC'), power: of('powerW') }
  }, [series, gpu.index])
  const limits = useMemo(
    () => ({
      temp:
        gpu.slowdownTempC === null
          ? []
          : [
              {
                value: gpu.slowdownTempC,
                label: `slowdown ${Math.round(gpu.slowdownTempC)} °C`,
                tone: 'crit' as const,
              },
            ],
      tempRange: { min: 20, max: gpu.slowdownTempC === null ? undefined : gpu.slowdownTempC + 5 },
      memoryRange: { min: 0, max: gpu.memoryMib ?? undefined },
      power:
        gpu.powerLimitW === null
          ? []
          : [{ value: gpu.powerLimitW, label: `limit ${Math.round(gpu.powerLimitW)} W`, tone: 'warn' as const }],
      powerRange: { min: 0, max: gpu.powerLimitW === null ? undefined : gpu.powerLimitW * 1.1 },
    }),
    [gpu.slowdownTempC, gpu.memoryMib, gpu.powerLimitW],
  )
  const marks = useMemo(() => plotEvents(events, window), [events, window])
  const one = useMemo(() => [{ id: gpu.id, index: gpu.index }], [gpu.id, gpu.index])
  const common = { window, syncId: `gpu:${gpu.id}`, height: 120, events: marks }
  return (
    <>
      <TimeSeries {...common} title="Utilisation" series={lines.util} range={PERCENT} format={formatPercent} />
      <TimeSeries
        {...common}
        title="Memory used"
        series={lines.memory}
        range={limits.memoryRange}
        format={formatMemory}
        formatTick={formatMemoryTick}
        tickUnit={1024}
      />
      <TimeSeries
        {...common}
        title="Temperature"
        series={lines.temp}
        thresholds={limits.temp}
        range={limits.tempRange}
        format={(value) => formatTemperature(value, preferences.temperatureUnit)}
      />
      <TimeSeries
        {...common}
        title="Power"
        series={lines.power}
        thresholds={limits.power}
        range={limits.powerRange}
        format={formatPower}
      />
      <CounterChart gpus={one} events={events} window={window} asked={asked} syncId={common.syncId} />
      <CounterTable gpuId={gpu.id} asked={asked} />
    </>
  )
}
