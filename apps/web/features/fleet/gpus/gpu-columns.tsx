import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import type { Column } from '@/ui/data-table/columns'
import {
  formatCounter,
  formatId,
  formatMemoryOf,
  formatPercent,
  formatPower,
  formatTemperature,
  type TemperatureUnit,
} from '@/ui/format'
import { RowLink } from '@/ui/row-link'
import { StatusText } from '@/ui/status-pill'
import { DemoMark } from '../demo-mark'
import { eccGrowth } from '../node/gpu-table'
import { GPU_STATE } from '../node-state'

/** Values of a GPU whose node is silent are unknown here; its sheet shows the last ones with their age. */
const now = (gpu: GpuView, value: number | null): number | null => (gpu.sample.stale ? null : value)

export function GpuStateText({ gpu }: { gpu: Pick<GpuView, 'state' | 'healthReason'> }) {
  const state = GPU_STATE[gpu.state]
  return (
    <StatusText
      tone={state.tone}
      shape={'shape' in state ? state.shape : undefined}
      title={gpu.healthReason ?? undefined}
    >
      {state.word}
    </StatusText>
  )
}

/** @param hrefOf the address that opens a GPU's sheet and keeps the list as it is */
export function gpuColumns(unit: TemperatureUnit, hrefOf: (gpuId: string) => string): Column<GpuView>[] {
  return [...identity(hrefOf), ...readings(unit), ...rest()]
}

const identity = (hrefOf: (gpuId: string) => string): Column<GpuView>[] => [
  {
    key: 'gpu',
    label: 'GPU',
    value: (gpu) => `${gpu.nodeName} GPU ${gpu.index}`,
    render: (gpu) => (
      <span className="inline-flex items-center gap-2">
        <RowLink href={hrefOf(gpu.id)} scroll={false} data-row-link className="link whitespace-nowrap">
          {gpu.nodeName} GPU {gpu.index}
        </RowLink>
        <DemoMark demo={gpu.demo} />
      </span>
    ),
  },
  {
    key: 'state',
    label: 'State',
    value: (gpu) => GPU_STATE[gpu.state].word,
    render: (gpu) => <GpuStateText gpu={gpu} />,
  },
  { key: 'model', label: 'Model', value: (gpu) => gpu.model, className: 'whitespace-nowrap' },
]

const readings = (unit: TemperatureUnit): Column<GpuView>[] => [
  {
    key: 'util',
    label: 'Util',
    numeric: true,
    value: (gpu) => now(gpu, gpu.reading.utilPct),
    render: (gpu) => formatPercent(now(gpu, gpu.reading.utilPct)),
  },
  {
    key: 'memory',
    label: 'Memory',
    numeric: true,
    value: (gpu) => now(gpu, gpu.reading.memUsedMib),
    render: (gpu) => formatMemoryOf(now(gpu, gpu.reading.memUsedMib), gpu.memoryMib),
  },
  {
    key: 'temp',
    label: 'Temp',
    numeric: true,
    value: (gpu) => now(gpu, gpu.reading.tempC),
    render: (gpu) => formatTemperature(now(gpu, gpu.reading.tempC), unit),
  },
  {
    key: 'power',
    label: 'Power',
    numeric: true,
    value: (gpu) => now(gpu, gpu.reading.powerW),
    render: (gpu) => formatPower(now(gpu, gpu.reading.powerW)),
  },
  {
    key: 'throttle',
    label: 'Throttle',
    optional: true,
    value: (gpu) => (gpu.reading.throttleMask === null ? null : gpu.reading.throttleReasons.join(', ') || 'none'),
  },
  {
    key: 'ecc',
    label: 'ECC 24 h',
    numeric: true,
    value: eccGrowth,
    render: (gpu) => formatCounter(eccGrowth(gpu), { signed: true, collected: eccGrowth(gpu) !== null }),
  },
]

const rest = (): Column<GpuView>[] => [
  { key: 'findings', label: 'Findings', numeric: true, value: (gpu) => gpu.openFindings },
  {
    key: 'workload',
    label: 'Workload',
    value: (gpu) => gpu.workload?.name ?? null,
    render: (gpu) =>
      gpu.workload ? (
        <RowLink href={`/workloads/${gpu.workload.id}`} className="link">
          {gpu.workload.name}
        </RowLink>
      ) : (
        <span className="text-muted">none</span>
      ),
  },
  {
    key: 'uuid',
    label: 'UUID',
    optional: true,
    value: (gpu) => gpu.uuid,
    render: (gpu) => (
      <span title={gpu.uuid} className="font-mono text-xs">
        {formatId(gpu.uuid)}
      </span>
    ),
  },
  { key: 'serial', label: 'Serial', optional: true, value: (gpu) => gpu.serial },
  { key: 'pci', label: 'PCI', optional: true, value: (gpu) => gpu.pciBusId },
]

/** The same row on a phone. */
export function GpuRowCard({ gpu, unit, href }: { gpu: GpuView; unit: TemperatureUnit; href: string }) {
  return (
    <RowLink
      href={href}
      scroll={false}
      className="grid min-h-16 grid-cols-[minmax(0,1fr)] gap-0.5 px-3 py-2 no-underline"
    >
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="font-semibold">
          {gpu.nodeName} GPU {gpu.index}
        </span>
        <DemoMark demo={gpu.demo} />
        <span className="ml-auto">
          <GpuStateText gpu={gpu} />
        </span>
      </span>
      <span className="live-value text-sm text-muted">
        {gpu.model} · {formatPercent(now(gpu, gpu.reading.utilPct))} ·{' '}
        {formatTemperature(now(gpu, gpu.reading.tempC), unit)}
        {gpu.workload ? ` · ${gpu.workload.name}` : ''}
      </span>
    </RowLink>
  )
}
