'use client'
import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import type { WorkloadMetrics } from '@clawbernetes/protocol/views/workload-log'
import { useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { RangeSelect } from '@/features/telemetry/range-select'
import { RANGE_KEYS } from '@/features/telemetry/time-range'
import { useTRPC } from '@/trpc/client'
import { TimeSeries } from '@/ui/charts/time-series'
import { EmptyState } from '@/ui/empty-state'
import { Skeleton } from '@/ui/skeleton'
import { curveLabel, curveSeries, formatCurveValue, sortCurves } from './curve-series'
import { WorkloadGpuCharts } from './workload-gpu-charts'

const REFRESH_MS = 5000
const GRID = 'grid gap-2 [grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr))]'

/** What the workload said of itself by step, then what its GPUs do over time. */
export function WorkloadMetricsTab({ workload, live }: { workload: WorkloadDetail; live: boolean }) {
  const trpc = useTRPC()
  const [range, setRange] = useQueryState('range', parseAsStringLiteral(RANGE_KEYS).withDefault('1h'))
  const metrics = useQuery(
    trpc.workloads.metrics.queryOptions({ workloadId: workload.id }, { refetchInterval: live ? REFRESH_MS : false }),
  )
  const curves = metrics.data ? sortCurves(metrics.data.curves) : []
  return (
    <div className="grid gap-3">
      <h2 className="text-base font-semibold">Reported by the workload</h2>
      <PanelError title="The metrics could not be read" query={metrics} />
      {metrics.isPending ? <Skeleton className="h-56" /> : null}
      {metrics.data && curves.length === 0 ? (
        <div className="panel">
          <EmptyState title="No metrics yet">
            Lines such as <code className="font-mono text-xs">{'{"step": 10, "loss": 2.1}'}</code> in its output become
            curves here.
          </EmptyState>
        </div>
      ) : null}
      <div className={GRID}>
        {curves.map((curve, index) => (
          <Curve key={curve.name} curve={curve} slot={index} />
        ))}
      </div>
      <div className="flex items-center gap-2">
        <h2 className="text-base font-semibold">Its GPUs</h2>
        <div className="ml-auto">
          <RangeSelect value={range} onChange={(next) => void setRange(next)} />
        </div>
      </div>
      <WorkloadGpuCharts workload={workload} range={range} />
    </div>
  )
}

function Curve({ curve, slot }: { curve: WorkloadMetrics['curves'][number]; slot: number }) {
  const prepared = useMemo(() => {
    const found = curveSeries(curve, slot)
    return found && { series: [found.series], window: found.window }
  }, [curve, slot])
  if (!prepared) return null
  return (
    <TimeSeries
      title={curveLabel(curve.name)}
      source={`by step, now ${curve.last.step.toLocaleString('en')}`}
      axis="step"
      series={prepared.series}
      window={prepared.window}
      format={(value) => formatCurveValue(curve.name, value)}
    />
  )
}
