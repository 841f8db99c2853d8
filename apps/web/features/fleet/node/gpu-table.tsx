'use client'
import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import type { NodeDetail } from '@clawbernetes/protocol/views/node'
import { usePreferences } from '@/features/shell/preferences-context'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'
import { formatCounter, formatMemoryOf, formatPercent, formatPower, formatTemperature } from '@/ui/format'
import { StatusText } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { cn } from '@/ui/cn'
import { RowLink } from '@/ui/row-link'
import { GPU_STATE } from '../node-state'

/** The node's GPUs as they are now. A silent node keeps its last values, dimmed and dated by the notice above. */
export function GpuTable({ node }: { node: NodeDetail }) {
  if (node.gpus.length === 0)
    return (
      <Card title="GPUs">
        <EmptyState title="No GPUs reported">
          The machine has none, or its driver is missing. On the machine,{' '}
          <code className="font-mono text-xs">node ~/.clawbernetes/clawbernetes-node.mjs doctor</code> says which.
        </EmptyState>
      </Card>
    )
  return (
    <Card
      title="GPUs"
      note={node.sample.atMs === null ? 'no values yet' : <RelativeTime value={node.sample.atMs} />}
      bodyClassName="p-0"
    >
      <Table label={`GPUs of ${node.name}`}>
        <TableHead>
          <tr>
            <Th>GPU</Th>
            <Th>State</Th>
            <Th numeric>Util</Th>
            <Th numeric>Memory</Th>
            <Th numeric>Temp</Th>
            <Th numeric>Power</Th>
            <Th>Throttle</Th>
            <Th numeric>ECC 24 h</Th>
            <Th>Workload</Th>
          </tr>
        </TableHead>
        <tbody className={cn(node.sample.stale && 'text-muted')}>
          {node.gpus.map((gpu) => (
            <GpuRow key={gpu.id} gpu={gpu} />
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

function GpuRow({ gpu }: { gpu: GpuView }) {
  const { preferences } = usePreferences()
  const state = GPU_STATE[gpu.state]
  const { reading } = gpu
  const hot = reading.tempC !== null && gpu.slowdownTempC !== null && reading.tempC >= gpu.slowdownTempC
  const ecc = eccGrowth(gpu)
  return (
    <tr>
      <Td>
        <RowLink href={`/gpus?gpu=${gpu.id}`} className="link whitespace-nowrap">
          GPU {gpu.index}
        </RowLink>
      </Td>
      <Td>
        <StatusText
          tone={state.tone}
          shape={'shape' in state ? state.shape : undefined}
          title={gpu.healthReason ?? undefined}
        >
          {state.word}
        </StatusText>
      </Td>
      <Td numeric>{formatPercent(reading.utilPct)}</Td>
      <Td numeric>{formatMemoryOf(reading.memUsedMib, gpu.memoryMib)}</Td>
      <Td numeric className={hot ? 'font-semibold text-crit' : undefined}>
        {hot ? <span aria-hidden="true">▲ </span> : null}
        {formatTemperature(reading.tempC, preferences.temperatureUnit)}
      </Td>
      <Td numeric>{formatPower(reading.powerW)}</Td>
      <Td>{throttleText(gpu)}</Td>
      <Td numeric className={ecc !== null && ecc > 0 ? 'text-warn' : undefined}>
        {formatCounter(ecc, { signed: true, collected: ecc !== null })}
      </Td>
      <Td>
        {gpu.workload ? (
          <RowLink href={`/workloads/${gpu.workload.id}`} className="link">
            {gpu.workload.name}
          </RowLink>
        ) : (
          <span className="text-muted">none</span>
        )}
      </Td>
    </tr>
  )
}

function throttleText(gpu: GpuView): string {
  if (gpu.reading.throttleMask === null) return '—'
  return gpu.reading.throttleReasons.length === 0 ? 'none' : gpu.reading.throttleReasons.join(', ')
}

export function eccGrowth(gpu: Pick<GpuView, 'eccCorrected24h' | 'eccUncorrected24h'>): number | null {
  if (gpu.eccCorrected24h === null && gpu.eccUncorrected24h === null) return null
  return (gpu.eccCorrected24h ?? 0) + (gpu.eccUncorrected24h ?? 0)
}
