'use client'
import type { NodeDetail, NodeEvent } from '@clawbernetes/protocol/views/node'
import type { GpuSeriesMetric, NodeSeries } from '@clawbernetes/protocol/views/series'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { usePreferences } from '@/features/shell/preferences-context'
import { useTRPC } from '@/trpc/client'
import type { ChartSeries, ChartWindow } from '@/ui/charts/chart-data'
import { TimeSeries } from '@/ui/charts/time-series'
import { formatMemory, formatPercent, formatPower, formatRate, formatTemperature } from '@/ui/format'
import { Skeleton } from '@/ui/skeleton'
import { CounterChart } from './counter-chart'
import { commonLimit, gpuLines } from './gpu-lines'
import { formatMemoryTick } from './memory-tick'
import { type SeriesWindow, useSeriesWindow, type Range } from './time-range'

const GPU_METRICS: GpuSeriesMetric[] = ['utilPct', 'memUsedMib', 'tempC', 'tempMarginC', 'powerW']
const GRID = 'grid gap-2 [grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr))]'
const PERCENT = { min: 0, max: 100 }

/** A node over time: its GPUs side by side, then the machine. One crosshair for all. */
export function NodeCharts({ node, events, range }: { node: NodeDetail; events: readonly NodeEvent[]; range: Range }) {
  const trpc = useTRPC()
  const window = useSeriesWindow(range)
  const query = useQuery(
    trpc.telemetry.nodeSeries.queryOptions(
      { nodeId: node.id, window, gpu: node.gpus.length > 0 ? GPU_METRICS : [] },
      { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 },
    ),
  )
  const data = query.data
  if (query.error && !data) return <PanelError title="The charts could not be read" query={query} />
  if (!data)
    return (
      <div className={GRID} role="status" aria-label="Loading charts">
        {Array.from({ length: 4 }, (_, index) => (
          <Skeleton key={index} className="h-56" />
        ))}
      </div>
    )
  return (
    <div className="grid gap-2">
      {query.error ? <PanelError title="The charts could not be renewed" query={query} /> : null}
      {node.gpus.length > 0 ? <GpuCharts node={node} series={data} events={events} window={window} /> : null}
      <HostCharts node={node} series={data} />
    </div>
  )
}

function GpuCharts({
  node,
  series,
  events,
  window,
}: {
  node: NodeDetail
  series: NodeSeries
  events: readonly NodeEvent[]
  window: SeriesWindow
}) {
  const { preferences } = usePreferences()
  const [focus, setFocus] = useState<string | null>(null)
  const lines = useMemo(
    () => ({
      util: gpuLines(series, 'utilPct'),
      memory: gpuLines(series, 'memUsedMib'),
      temp: gpuLines(series, 'tempC'),
      margin: gpuLines(series, 'tempMarginC'),
      power: gpuLines(series, 'powerW'),
    }),
    [series],
  )
  const limits = useDeviceLimits(node)
  const grid: ChartWindow = useMemo(
    () => ({ fromMs: series.fromMs, toMs: series.toMs, stepMs: series.stepMs }),
    [series.fromMs, series.toMs, series.stepMs],
  )
  const common = { window: grid, syncId: `node:${node.id}`, focusKey: focus, onFocusKey: setFocus }
  const temperature = (value: number | null) => formatTemperature(value, preferences.temperatureUnit)
  return (
    <div className={GRID}>
      <TimeSeries {...common} title="GPU utilisation" series={lines.util} range={PERCENT} format={formatPercent} />
      <TimeSeries
        {...common}
        title="GPU memory used"
        series={lines.memory}
        range={limits.memoryRange}
        format={formatMemory}
        formatTick={formatMemoryTick}
        tickUnit={1024}
      />
      <TimeSeries
        {...common}
        title="GPU temperature"
        source={limits.temp.length === 0 ? 'the device reports no limit' : undefined}
        series={lines.temp}
        range={limits.tempRange}
        thresholds={limits.temp}
        format={temperature}
      />
      {limits.temp.length === 0 && lines.margin.some((line) => line.values.some((value) => value !== null)) ? (
        <TimeSeries
          {...common}
          title="Margin to thermal slowdown"
          source="it slows down at 0"
          series={lines.margin}
          thresholds={MARGIN_LIMIT}
          format={(value) => (value === null ? '—' : `${Math.round(value)} °C`)}
        />
      ) : null}
      <TimeSeries
        {...common}
        title="GPU power"
        series={lines.power}
        range={limits.powerRange}
        thresholds={limits.power}
        format={formatPower}
      />
      <CounterChart gpus={node.gpus} events={events} window={grid} asked={window} syncId={common.syncId} />
    </div>
  )
}

const MARGIN_LIMIT = [{ value: 0, label: 'slowdown', tone: 'crit' as const }]

/** Limits as the devices themselves report them, where all agree. */
function useDeviceLimits(node: NodeDetail) {
  const slowdown = commonLimit(node.gpus.map((gpu) => gpu.slowdownTempC))
  const power = commonLimit(node.gpus.map((gpu) => gpu.powerLimitW))
  const memory = commonLimit(node.gpus.map((gpu) => gpu.memoryMib))
  return useMemo(
    () => ({
      temp:
        slowdown === null
          ? []
          : [{ value: slowdown, label: `slowdown ${Math.round(slowdown)} °C`, tone: 'crit' as const }],
      tempRange: { min: 20, max: slowdown === null ? undefined : slowdown + 5 },
      power: power === null ? [] : [{ value: power, label: `limit ${Math.round(power)} W`, tone: 'warn' as const }],
      powerRange: { min: 0, max: power === null ? undefined : power * 1.1 },
      memoryRange: { min: 0, max: memory ?? undefined },
    }),
    [slowdown, power, memory],
  )
}

function HostCharts({ node, series }: { node: NodeDetail; series: NodeSeries }) {
  const window: ChartWindow = useMemo(
    () => ({ fromMs: series.fromMs, toMs: series.toMs, stepMs: series.stepMs }),
    [series.fromMs, series.toMs, series.stepMs],
  )
  const lines = useMemo(() => {
    const of = (metric: keyof NodeSeries['host'], name: string, slot: number): ChartSeries => ({
      key: metric,
      name,
      slot,
      values: series.host[metric]?.avg ?? [],
    })
    return {
      cpu: [of('cpuPct', 'CPU', 0)],
      memory: [of('memUsedMib', 'Memory', 1)],
      disk: [of('diskUsedMib', 'Disk', 2)],
      network: [of('netRxBytesPerS', 'Received', 0), of('netTxBytesPerS', 'Sent', 3)],
    }
  }, [series])
  const limits = useMemo(
    () => ({
      memory: { min: 0, max: node.memoryMib },
      disk: { min: 0, max: node.diskTotalMib ?? undefined },
    }),
    [node.memoryMib, node.diskTotalMib],
  )
  const common = { window, syncId: `node:${node.id}`, height: 120 }
  return (
    <div className={GRID}>
      <TimeSeries
        {...common}
        title="CPU"
        source={`${node.cpuCores} cores`}
        series={lines.cpu}
        range={PERCENT}
        format={formatPercent}
      />
      <TimeSeries
        {...common}
        title="Memory"
        source={formatMemory(node.memoryMib)}
        series={lines.memory}
        range={limits.memory}
        format={formatMemory}
        formatTick={formatMemoryTick}
        tickUnit={1024}
      />
      <TimeSeries
        {...common}
        title="Disk"
        source={node.diskTotalMib === null ? 'size not reported' : formatMemory(node.diskTotalMib)}
        series={lines.disk}
        range={limits.disk}
        format={formatMemory}
        formatTick={formatMemoryTick}
        tickUnit={1024}
      />
      <TimeSeries {...common} title="Network" series={lines.network} format={formatRate} />
    </div>
  )
}
