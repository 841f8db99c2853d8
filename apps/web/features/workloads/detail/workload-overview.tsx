'use client'
import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Card } from '@/ui/card'
import { RelativeTime, useNow } from '@/ui/clock'
import { formatDuration, formatGpuHourPrice, formatMoney, formatPercent, formatPlural } from '@/ui/format'
import { Notice } from '@/ui/inline-error'
import { costText } from '../workload-columns'
import { gpuText, isLive } from '../workload-filter'
import { FactList } from './fact-list'
import { ReplicaTable } from './replica-table'
import { StartUpTimeline } from './start-up-timeline'

export function WorkloadOverview({ workload }: { workload: WorkloadDetail }) {
  return (
    <div className="grid gap-3">
      {workload.statusReason && workload.status !== 'running' && workload.status !== 'pending' ? (
        <Notice tone={workload.status === 'failed' || workload.status === 'degraded' ? 'warn' : 'info'}>
          {workload.statusReason}
        </Notice>
      ) : null}
      {workload.status === 'pending' ? <WhyPending workload={workload} /> : null}
      <div className="grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr))]">
        <Card title="At a glance">
          <FactList facts={glance(workload)} />
        </Card>
        <StartUpTimeline workload={workload} />
      </div>
      <ReplicaTable workload={workload} />
      {workload.training ? <Training training={workload.training} /> : null}
    </div>
  )
}

function glance(workload: WorkloadDetail): [string, ReactNode][] {
  return [
    ['GPUs', gpuText(workload)],
    ['Utilisation', formatPercent(workload.utilPct)],
    ['Cost now', <CostNow key="cost" workload={workload} />],
    ['Cost so far', formatMoney(workload.costSoFarMicroUsd)],
    ['Running for', <RunningFor key="for" workload={workload} />],
    ['Created', <RelativeTime key="created" value={workload.createdAt} />],
    ['Owner', workload.owner.name],
    [
      'Plan',
      workload.planId ? (
        <Link key="plan" href={`/plans/${workload.planId}`} className="link">
          {workload.planLabel}
        </Link>
      ) : (
        'none'
      ),
    ],
    ['Placed on', <Placement key="placement" workload={workload} />],
  ]
}

/** The arithmetic is shown: GPUs × price per GPU-hour. */
function CostNow({ workload }: { workload: WorkloadDetail }) {
  const { count } = workload.gpus
  const perHour = workload.costPerHourMicroUsd
  if (count === 0) return <>{costText(workload)}</>
  if (perHour === null) return <>— (no price on its nodes)</>
  return (
    <>
      {formatMoney(perHour)}/h{' '}
      <span className="text-muted">
        = {formatPlural(count, 'GPU')} × {formatGpuHourPrice(perHour / count)}
      </span>
    </>
  )
}

function RunningFor({ workload }: { workload: WorkloadDetail }) {
  const now = useNow()
  if (!workload.startedAt) return <>not started</>
  const end = workload.finishedAt ? Date.parse(workload.finishedAt) : now
  return <>{end === null ? '—' : formatDuration(end - Date.parse(workload.startedAt))}</>
}

function Placement({ workload }: { workload: WorkloadDetail }) {
  if (workload.placement.length === 0)
    return (
      <>
        {workload.nodes.length > 0 && !isLive(workload)
          ? `${workload.nodes.map((n) => n.name).join(', ')}, ended`
          : 'nowhere yet'}
      </>
    )
  return (
    <ul className="m-0 list-none p-0">
      {workload.placement.map((place) => {
        const node = workload.nodes.find((candidate) => candidate.name === place.node)
        return (
          <li key={place.node}>
            {node ? (
              <Link href={`/nodes/${node.id}`} className="link">
                {place.node}
              </Link>
            ) : (
              place.node
            )}{' '}
            <span className="text-muted">{place.reason}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** A waiting workload always says why, node by node, and what it asks for. */
function WhyPending({ workload }: { workload: WorkloadDetail }) {
  return (
    <Card title="Why it waits">
      <p>{workload.statusReason ?? 'Placement has not looked at it yet.'}</p>
      {workload.pendingReasons.length > 0 ? (
        <ul className="m-0 mt-2 grid list-none gap-x-6 gap-y-1 p-0 [grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr))]">
          {workload.pendingReasons.map((one) => (
            <li key={one.node} className="flex gap-2">
              <span aria-hidden="true" className="text-muted">
                ✕
              </span>
              <span>
                <span className="font-semibold">{one.node}</span> <span className="text-muted">{one.reason}</span>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <p className="mt-2 text-sm text-muted">
        It is tried again whenever GPUs become free. It asks for {gpuText(workload).replace('needs ', '')}
        {workload.rules?.nodes ? ` on ${workload.rules.nodes.join(' or ')}` : ''}.
      </p>
    </Card>
  )
}

function Training({ training }: { training: NonNullable<WorkloadDetail['training']> }) {
  return (
    <Card title="Training">
      <FactList
        facts={[
          ['Model', `${training.model}, ${training.paramsB}B parameters`],
          ['Method', training.method],
          ['Sharding', training.sharding],
          ['Epochs', String(training.epochs)],
          ['Dataset', training.datasetPath ?? '—'],
        ]}
      />
    </Card>
  )
}
