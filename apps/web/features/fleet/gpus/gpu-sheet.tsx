'use client'
import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { FindingList } from '@/features/diagnosis/finding-list'
import { PanelError } from '@/features/diagnosis/panel-error'
import { useCan } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useChatDock } from '@/features/shell/chat-dock'
import { usePreferences } from '@/features/shell/preferences-context'
import { GpuHistory } from '@/features/telemetry/gpu-history'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import {
  formatClock,
  formatMemory,
  formatMemoryOf,
  formatPercent,
  formatPower,
  formatTemperature,
  UNKNOWN,
} from '@/ui/format'
import { Notice } from '@/ui/inline-error'
import { Sheet } from '@/ui/sheet'
import { SkeletonRows } from '@/ui/skeleton'
import { DemoMark } from '../demo-mark'
import { NodeEvents } from '../node/node-events'
import { useNodeEvents } from '../node/use-node-events'
import { GpuStateText } from './gpu-columns'

const REFRESH_MS = 5000

/** One GPU with everything that is known of it. */
export function GpuSheet({ gpuId, onClose }: { gpuId: string; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const query = useQuery(trpc.fleet.gpu.queryOptions({ gpuId }, { refetchInterval: REFRESH_MS }))
  const gpu = query.data
  useRoomRefresh(gpu ? `node:${gpu.nodeId}` : null, () => {
    void queryClient.invalidateQueries(trpc.fleet.gpu.queryFilter({ gpuId }))
    void queryClient.invalidateQueries(trpc.diagnosis.findings.queryFilter({ gpuId }))
  })
  return (
    <Sheet
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={gpu ? `${gpu.nodeName} GPU ${gpu.index}` : 'GPU'}
      className="desk:w-[560px]"
    >
      <PanelError title="The GPU could not be read" query={query} />
      {gpu ? (
        <GpuBody gpu={gpu} onClose={onClose} />
      ) : query.isPending ? (
        <SkeletonRows rows={8} label="Loading the GPU" />
      ) : null}
    </Sheet>
  )
}

function GpuBody({ gpu, onClose }: { gpu: GpuView; onClose: () => void }) {
  const trpc = useTRPC()
  const findings = useQuery(trpc.diagnosis.findings.queryOptions({ gpuId: gpu.id, state: 'all' }))
  const events = useNodeEvents(gpu.nodeId, gpu.id)
  const open = findings.data?.filter((finding) => finding.state === 'open') ?? []
  const cleared = findings.data?.filter((finding) => finding.state === 'cleared') ?? []
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <GpuStateText gpu={gpu} />
        <DemoMark demo={gpu.demo} />
        <span className="text-muted">{gpu.name}</span>
        <SheetActions gpu={gpu} onClose={onClose} />
      </div>
      {gpu.healthReason && !open.some((finding) => finding.title === gpu.healthReason) ? (
        <Notice tone="warn">{gpu.healthReason}</Notice>
      ) : null}
      {gpu.sample.stale ? (
        <Notice tone="warn">
          {gpu.sample.atMs === null ? (
            'It has never reported.'
          ) : (
            <>
              Last values <RelativeTime value={gpu.sample.atMs} />; they are not current.
            </>
          )}
        </Notice>
      ) : null}
      <Readings gpu={gpu} />
      <PanelError title="The findings could not be read" query={findings} />
      <FindingList findings={open} />
      <GpuHistory gpu={gpu} events={events.events} />
      <Identity gpu={gpu} />
      <Processes gpu={gpu} />
      <NodeEvents {...events} title="Events of this GPU" />
      <FindingList findings={cleared} title="Cleared findings" />
    </div>
  )
}

function SheetActions({ gpu, onClose }: { gpu: GpuView; onClose: () => void }) {
  const { ask } = useChatDock()
  const mayPropose = useCan('propose')
  const chips = [
    { kind: 'node', id: gpu.nodeName, label: gpu.nodeName },
    { kind: 'gpu', id: String(gpu.index), label: `GPU ${gpu.index}` },
  ]
  const hand = (text: string) => {
    onClose()
    ask(text, chips)
  }
  return (
    <div className="ml-auto flex gap-2">
      <Button size="sm" variant="primary" onClick={() => hand(`How is GPU ${gpu.index} on ${gpu.nodeName} doing?`)}>
        Ask about this
      </Button>
      <Button
        size="sm"
        aria-disabled={!mayPropose}
        title={mayPropose ? undefined : 'Proposing changes needs the role operator'}
        onClick={() => hand(`Isolate GPU ${gpu.index} on ${gpu.nodeName}`)}
      >
        Isolate…
      </Button>
    </div>
  )
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(84px,auto)_1fr] gap-x-3 gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Readings({ gpu }: { gpu: GpuView }) {
  const { preferences } = usePreferences()
  const { reading } = gpu
  const unit = preferences.temperatureUnit
  const tiles: [string, string][] = [
    ['Utilisation', formatPercent(reading.utilPct)],
    ['Memory', formatMemoryOf(reading.memUsedMib, gpu.memoryMib)],
    ['Temperature', formatTemperature(reading.tempC, unit)],
    [
      'Power',
      gpu.powerLimitW === null
        ? formatPower(reading.powerW)
        : `${formatPower(reading.powerW)} / ${formatPower(gpu.powerLimitW)}`,
    ],
    ['Clock', formatClock(reading.smClockMhz)],
    [
      'Throttle',
      reading.throttleMask === null
        ? UNKNOWN
        : reading.throttleReasons.length === 0
          ? 'none'
          : reading.throttleReasons.join(', '),
    ],
  ]
  return (
    <dl className="grid grid-cols-3 gap-2 max-desk:grid-cols-2">
      {tiles.map(([name, value]) => (
        <div key={name} className="panel px-2.5 py-1.5">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="live-value font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Identity({ gpu }: { gpu: GpuView }) {
  return (
    <Card title="Identity" headingLevel={3}>
      <Facts
        facts={[
          [
            'UUID',
            <span key="uuid" className="flex items-center gap-1">
              <code className="min-w-0 font-mono text-xs break-all">{gpu.uuid}</code>
              <CopyButton text={gpu.uuid} label="Copy UUID" iconOnly />
            </span>,
          ],
          [
            'Node',
            <Link key="node" href={`/nodes/${gpu.nodeId}`} className="link">
              {gpu.nodeName}
            </Link>,
          ],
          ['Model', `${gpu.model}, ${formatMemory(gpu.memoryMib)}`],
          ['Serial', gpu.serial ?? UNKNOWN],
          ['PCI', gpu.pciBusId ?? UNKNOWN],
          ['Link group', gpu.linkDomain ?? UNKNOWN],
          ['MIG', gpu.migEnabled === null ? UNKNOWN : gpu.migEnabled ? 'enabled' : 'off'],
          ['Slowdown', gpu.slowdownTempC === null ? 'not reported' : formatTemperature(gpu.slowdownTempC)],
          ['Shutdown', gpu.shutdownTempC === null ? 'not reported' : formatTemperature(gpu.shutdownTempC)],
          [
            'Held by',
            gpu.workload ? (
              <Link key="workload" href={`/workloads/${gpu.workload.id}`} className="link">
                {gpu.workload.name}
              </Link>
            ) : (
              'nobody'
            ),
          ],
        ]}
      />
    </Card>
  )
}

function Processes({ gpu }: { gpu: GpuView }) {
  return (
    <Card title="Processes" headingLevel={3} note={String(gpu.processes.length)}>
      {gpu.processes.length === 0 ? <p className="text-muted">No process uses it.</p> : null}
      <ul className="m-0 list-none p-0">
        {gpu.processes.map((process) => (
          <li key={process.pid} className="flex flex-wrap items-baseline gap-x-3">
            <code className="font-mono text-xs break-all">{process.name}</code>
            <span className="text-sm text-muted">
              pid {process.pid}
              {process.replicaId === null ? ', not started by Clawbernetes' : ''}
            </span>
            <span className="live-value ml-auto text-sm">{formatMemory(process.memUsedMib)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
