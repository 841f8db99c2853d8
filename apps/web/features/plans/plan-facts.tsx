'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import type { ReactNode } from 'react'
import { RelativeTime, useNow } from '@/ui/clock'
import { cn } from '@/ui/cn'
import { formatAbsolute, formatCountdown, formatEstimate, formatMoney, formatPlural } from '@/ui/format'
import { StatusPill } from '@/ui/status-pill'
import { presentRisk } from './plan-state'

/** A fact that nobody could determine says so in words; it has raised the plan's risk already. */
const UNKNOWN_FACT = 'unknown'
const SHORT_EXPIRY_MS = 3_600_000

function Fact({ term, children, className }: { term: string; children: ReactNode; className?: string }) {
  return (
    <div className={cn('min-w-0', className)}>
      <dt className="text-xs text-muted">{term}</dt>
      <dd className="m-0 break-words">{children}</dd>
    </div>
  )
}

function affected(plan: PlanView): string {
  const { workloads, nodes, gpus } = plan.content.affects
  const parts = [
    workloads.length > 0 ? formatPlural(workloads.length, 'workload') : null,
    nodes.length > 0 ? formatPlural(nodes.length, 'node') : null,
    gpus > 0 ? formatPlural(gpus, 'GPU') : null,
  ].filter((part) => part !== null)
  return parts.length > 0 ? parts.join(', ') : 'nothing that runs'
}

function cost(plan: PlanView): string {
  const { perHourMicroUsd, oneOffMicroUsd } = plan.content.cost
  if (perHourMicroUsd === null) return UNKNOWN_FACT
  const rate = `${formatMoney(perHourMicroUsd, { signed: true })}/h`
  return oneOffMicroUsd ? `${rate}, ${formatMoney(oneOffMicroUsd, { signed: true })} once` : rate
}

function Expiry({ plan }: { plan: PlanView }) {
  const now = useNow()
  const expiresAtMs = Date.parse(plan.expiresAt)
  const expired = now !== null && now >= expiresAtMs
  const leftMs = now === null ? null : expiresAtMs - now
  if (plan.state !== 'proposed') return <>{formatAbsolute(plan.expiresAt, now ?? expiresAtMs)}</>
  if (expired) return <>expired</>
  return (
    <time dateTime={plan.expiresAt} title={formatAbsolute(plan.expiresAt, now ?? expiresAtMs, { zone: true })}>
      {leftMs !== null && leftMs < SHORT_EXPIRY_MS ? (
        `in ${formatCountdown(leftMs)}`
      ) : (
        <RelativeTime value={plan.expiresAt} />
      )}
    </time>
  )
}

function approvalsText(plan: PlanView): string {
  const given = plan.quorum?.given.length ?? plan.decisions.filter((item) => item.decision === 'approve').length
  if (plan.approvalsNeeded === 0) return 'by policy'
  return `${given} of ${plan.approvalsNeeded}`
}

/** Risk, blast radius, cost, undo, expiry: always all of them. */
export function PlanFacts({ plan }: { plan: PlanView }) {
  const { content } = plan
  const risk = presentRisk(plan.risk)
  const owners = [...new Set(content.affects.workloads.map((workload) => workload.owner))]
  return (
    <dl className="my-2 grid grid-cols-[repeat(auto-fit,minmax(112px,1fr))] gap-x-3 gap-y-2">
      <Fact term="Risk">
        <StatusPill tone={risk.tone} shape={risk.shape} title={content.riskReason}>
          {risk.word}
        </StatusPill>
        <span className="mt-0.5 block text-xs text-muted">{content.riskReason || 'reason unknown'}</span>
      </Fact>
      <Fact term="Affects">
        {affected(plan)}
        {owners.length > 0 ? <span className="block text-xs text-muted">owned by {owners.join(', ')}</span> : null}
      </Fact>
      <Fact term="Cost change">
        {cost(plan)}
        {content.cost.arithmetic ? <span className="block text-xs text-muted">{content.cost.arithmetic}</span> : null}
      </Fact>
      <Fact term="Takes">{content.durationS === null ? UNKNOWN_FACT : formatEstimate(content.durationS * 1000)}</Fact>
      <Fact term="Undo">
        <span aria-hidden="true">{content.undo.possible ? '✓ ' : '✕ '}</span>
        {content.undo.text || (content.undo.possible ? 'possible' : 'cannot be undone')}
      </Fact>
      <Fact term={plan.state === 'proposed' ? 'Expires' : 'Expiry'}>
        <Expiry plan={plan} />
      </Fact>
      <Fact term="Approvals">{approvalsText(plan)}</Fact>
    </dl>
  )
}
