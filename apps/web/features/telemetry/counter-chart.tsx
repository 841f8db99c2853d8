'use client'
import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import type { NodeEvent } from '@clawbernetes/protocol/views/node'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '@/trpc/client'
import type { ChartSeries, ChartWindow } from '@/ui/charts/chart-data'
import { TimeSeries } from '@/ui/charts/time-series'
import type { PlotEvent } from '@/ui/charts/time-series-plot'
import { formatCount } from '@/ui/format'
import { counterLine } from './gpu-lines'
import type { SeriesWindow } from './time-range'

type CounterChartProps = {
  gpus: readonly Pick<GpuView, 'id' | 'index'>[]
  events: readonly NodeEvent[]
  window: ChartWindow
  asked: SeriesWindow
  syncId: string
}

/** Kinds that a person should see on a time line, and how grave they look. */
const MARKED: Record<string, PlotEvent['tone']> = {
  xid: 'crit',
  sxid: 'crit',
  'gpu-lost': 'crit',
  'gpu-unreadable': 'crit',
  'oom-kill': 'warn',
  'throttle-start': 'warn',
  'context-hung': 'warn',
  'gpu-recovered': 'info',
}

export function plotEvents(events: readonly NodeEvent[], window: ChartWindow): PlotEvent[] {
  return events
    .filter((event) => event.atMs >= window.fromMs && event.atMs < window.toMs && MARKED[event.kind] !== undefined)
    .map((event) => ({
      atMs: event.atMs,
      label: `${event.title}${event.gpuIndex === null ? '' : `, GPU ${event.gpuIndex}`}`,
      tone: MARKED[event.kind] ?? 'info',
    }))
    .slice(0, 40)
}

/** Memory errors as they add up, with XIDs, throttling and losses on the same time line. */
export function CounterChart({ gpus, events, window, asked, syncId }: CounterChartProps) {
  const trpc = useTRPC()
  const histories = useQueries({
    queries: gpus.map((gpu) =>
      trpc.telemetry.counters.queryOptions(
        { gpuId: gpu.id, window: { fromMs: asked.fromMs, toMs: asked.toMs } },
        { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 },
      ),
    ),
    combine: (results) => results.map((result) => result.data),
  })
  const series = useMemo(
    () =>
      gpus.flatMap((gpu, at) => {
        const history = histories[at]
        if (!history) return []
        return (['ecc-corrected', 'ecc-uncorrected'] as const).flatMap((kind, order): ChartSeries[] => {
          const line = counterLine(history, kind, window, {
            key: `${gpu.id}:${kind}`,
            name: `GPU ${gpu.index} ${kind === 'ecc-corrected' ? 'corrected' : 'uncorrected'}`,
            slot: gpu.index + order * 6,
          })
          // A line that lies at zero says nothing that its absence does not.
          return line && line.values.some((value) => value !== null && value > 0) ? [line] : []
        })
      }),
    [gpus, histories, window],
  )
  const marks = useMemo(() => plotEvents(events, window), [events, window])
  const collected = histories.some((history) => history && history.summaries.some((one) => one.kind.startsWith('ecc')))
  return (
    <TimeSeries
      title="Memory errors and events"
      source="ECC, cumulative; ◆ XID or lost, ▲ throttled"
      series={series.length > 0 || !collected ? series : ZERO}
      window={window}
      events={marks}
      format={formatCount}
      syncId={syncId}
      step
      emptyText={collected ? 'No memory errors in this window' : 'ECC is not collected from these GPUs'}
    />
  )
}

const ZERO: ChartSeries[] = []
