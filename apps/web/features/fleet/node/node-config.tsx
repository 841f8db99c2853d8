import type { NodeDetail } from '@clawbernetes/protocol/views/node'
import type { ReactNode } from 'react'
import { Card } from '@/ui/card'
import { ClockTime, RelativeTime } from '@/ui/clock'
import { formatMemory, formatPlural } from '@/ui/format'

/** What the machine says of itself, and how it is known here. Read-only. */
export function NodeConfig({ node }: { node: NodeDetail }) {
  const none = <span className="text-muted">none</span>
  return (
    <div className="grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr))]">
      <Facts
        title="Machine"
        facts={[
          ['Host name', node.hostname],
          ['Address', node.address ?? '—'],
          ['System', `${node.os}, ${node.kernel}, ${node.arch}`],
          ['Processor', `${node.cpuModel ?? 'unknown model'}, ${formatPlural(node.cpuCores, 'core')}`],
          ['Memory', formatMemory(node.memoryMib)],
          ['Disk', node.diskTotalMib === null ? '—' : formatMemory(node.diskTotalMib)],
          [
            'Boot',
            <code key="boot" className="font-mono text-xs break-all">
              {node.bootId}
            </code>,
          ],
        ]}
      />
      <Facts
        title="Node agent"
        facts={[
          ['Version', node.agentVersion],
          ['Protocol', String(node.protocol)],
          ['Joined', <ClockTime key="joined" value={node.joinedAtMs} />],
          [
            'Connected',
            node.connectedAtMs === null ? '—' : <RelativeTime key="connected" value={node.connectedAtMs} />,
          ],
          ['Last heard', node.lastSeenAtMs === null ? 'never' : <RelativeTime key="seen" value={node.lastSeenAtMs} />],
          ['Epoch', String(node.epoch)],
          [
            'Id',
            <code key="id" className="font-mono text-xs break-all">
              {node.id}
            </code>,
          ],
        ]}
      />
      <Facts
        title="Drivers and runtimes"
        facts={[
          ['GPU driver', node.driver === 'none' ? none : `${node.driver} ${node.driverVersion ?? ''}`],
          ['CUDA', node.cudaVersion ?? '—'],
          ...node.runtimes.map((runtime): [string, ReactNode] => [
            runtime.kind === 'container' ? 'Containers' : 'Processes',
            `${runtime.engine} ${runtime.version ?? ''}, GPUs: ${runtime.gpu}`,
          ]),
        ]}
      />
      <Facts
        title="Labels"
        facts={Object.entries(node.labels).map(([name, value]): [string, ReactNode] => [name, value])}
        empty="No labels. They come from the node agent’s start options."
      />
      <Facts
        title="Data on this machine"
        facts={node.dataPaths.map((entry): [string, ReactNode] => [
          entry.path,
          entry.sizeMib === null ? entry.kind : `${entry.kind}, ${formatMemory(entry.sizeMib)}`,
        ])}
        empty={`Nothing found under ${node.dataRoots.join(', ') || 'its data roots; it has none'}.`}
      />
    </div>
  )
}

function Facts({ title, facts, empty }: { title: string; facts: [string, ReactNode][]; empty?: string }) {
  return (
    <Card title={title}>
      {facts.length === 0 ? <p className="text-muted">{empty}</p> : null}
      <dl className="grid grid-cols-[minmax(90px,auto)_1fr] gap-x-4 gap-y-1">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="break-words text-muted">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
