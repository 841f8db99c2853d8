'use client'
import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import type { GpuSeriesMetric, NodeSeries } from '@clawbernetes/protocol/views/series'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { usePreferences } from '@/features/shell/preferences-context'
import { formatMemoryTick } from '@/features/telemetry/memory-tick'
import { type Range, useSeriesWindow } from '@/features/telemetry/time-range'
import { useTRPC } from '@/trpc/client'
import type { ChartSeries } from '@/ui/charts/chart-data'
import { TimeSeries } from '@/ui/charts/time-series'
import { EmptyState } from '@/ui/empty-state'
import { formatMemory, formatPercent, formatPower, formatTemperature } from '@/ui/format'
import { Skeleton } from '@/ui/skeleton'

const METRICS: GpuSeriesMetric[] = ['utilPct', 'memUsedMib', 'tempC', 'powerW']
const PERCENT = { min: 0, max: 100 }
const MAX_NODES = 16

/** Utilisation, memory, temperature and power of the GPUs that it holds (or held last), whichever nodes they are in. */
export function WorkloadGpuCharts({ workload, range }: { workload: WorkloadDetail; range: Range }) {
  const trpc = useTRPC()
  const { preferences } = usePreferences()
  const window = useSeriesWindow(range)
  const gpus = useMemo(() => heldGpus(workload), [workload])
  const nodeIds = [...new Set(gpus.map((gpu) => gpu.nodeId))].slice(0, MAX_NODES)
  const series = useQueries({
    queries: nodeIds.map((nodeId) =>
      trpc.telemetry.nodeSeries.queryOptions(
        { nodeId, window, host: [], gpu: METRICS },
        { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 },
      ),
    ),
    combine: (results) => results.map((result) => result.data),
  })
  const first = series.find((one) => one !== undefined)
  const grid = useMemo(() => (first ? { fromMs: first.fromMs, toMs: first.toMs, stepMs: first.stepMs } : null), [first])
  const lines = useMemo(() => {
    const of = (metric: GpuSeriesMetric) => linesOf(gpus, series, metric)
    return { util: of('utilPct'), memory: of('memUsedMib'), temp: of('tempC'), power: of('powerW') }
  }, [gpus, series])
  if (gpus.length === 0)
    return (
      <div className="panel">
        <EmptyState title="It holds no GPU">
          {workload.gpusWanted > 0 ? 'Charts begin when it is placed.' : 'It did not ask for any.'}
        </EmptyState>
      </div>
    )
  if (!grid) return <Skeleton className="h-56" />
  const common = { window: grid, syncId: `workload:${workload.id}` }
  return (
    <div className="grid gap-2 [grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr))]">
      <TimeSeries {...common} title="GPU utilisation" series={lines.util} range={PERCENT} format={formatPercent} />
      <TimeSeries
        {...common}
        title="GPU memory used"
        series={lines.memory}
        format={formatMemory}
        formatTick={formatMemoryTick}
        tickUnit={1024}
      />
      <TimeSeries
        {...common}
        title="GPU temperature"
        series={lines.temp}
        format={(value) => formatTemperature(value, preferences.temperatureUnit)}
      />
      <TimeSeries {...common} title="GPU power" series={lines.power} format={formatPower} />
    </div>
  )
}

type HeldGpu = { id: string; nodeId: string; name: string; slot: number }

function heldGpus(workload: WorkloadDetail): HeldGpu[] {
  const open = workload.replicas.filter((replica) => !replica.closed)
  const newest = Math.max(0, ...workload.replicas.map((replica) => replica.attempt))
  const shown = open.length > 0 ? open : workload.replicas.filter((replica) => replica.attempt === newest)
  return shown
    .flatMap((replica) =>
      replica.gpus.map((gpu) => ({
        id: gpu.id,
        nodeId: replica.node.id,
        name: `${replica.node.name} GPU ${gpu.index}`,
        slot: 0,
      })),
    )
    .map((gpu, slot) => ({ ...gpu, slot }))
}

function linesOf(
  gpus: readonly HeldGpu[],
  series: readonly (NodeSeries | undefined)[],
  metric: GpuSeriesMetric,
): ChartSeries[] {
  return gpus.flatMap((gpu) => {
    const found = series
      .find((one) => one?.nodeId === gpu.nodeId)
      ?.gpuMetrics[metric]?.find((candidate) => candidate.gpuId === gpu.id)
    return found ? [{ key: gpu.id, name: gpu.name, slot: gpu.slot, values: found.avg }] : []
  })
}
