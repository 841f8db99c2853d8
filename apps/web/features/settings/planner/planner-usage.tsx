'use client'
import type { PlannerUsageView } from '@clawbernetes/protocol/views/planner'
import { RelativeTime } from '@/ui/clock'
import { formatCount, formatMoney, formatPlural } from '@/ui/format'
import { Notice } from '@/ui/inline-error'

/** Today's use against the day's budgets. */
export function PlannerUsage({ usage }: { usage: PlannerUsageView }) {
  const { budgets } = usage
  const priced = usage.tokens > usage.unpricedTokens
  return (
    <div className="grid gap-3">
      {usage.exhausted ? (
        <Notice tone="warn">
          Today’s budget is used up ({usage.exhausted}). The embedded planner answers until it is counted anew,{' '}
          <RelativeTime value={Date.parse(usage.endsAt)} />.
        </Notice>
      ) : null}
      <div className="grid gap-3 sm:grid-cols-3">
        <Gauge label="Tokens" value={usage.tokens} max={budgets.dayTokens} show={formatCount} />
        <Gauge label="Tool calls" value={usage.toolCalls} max={budgets.dayToolCalls} show={formatCount} />
        <Gauge
          label="Money"
          value={usage.costMicroUsd}
          max={budgets.dayMicroUsd}
          show={(value) =>
            usage.tokens > 0 && !priced && value === usage.costMicroUsd ? 'unknown' : formatMoney(value)
          }
        />
      </div>
      <p className="text-sm text-muted">
        {formatPlural(usage.turns, 'answer')}, {formatPlural(usage.modelCalls, 'model call')},{' '}
        {formatPlural(usage.fallbacks, 'fallback')} to the embedded planner on {usage.day} (UTC).
        {usage.unpricedTokens > 0
          ? ` ${formatCount(usage.unpricedTokens)} tokens have no price and are not in the money.`
          : ''}
        {usage.estimatedTokens > 0
          ? ` ${formatCount(usage.estimatedTokens)} tokens were not reported by the provider and are counted from the text.`
          : ''}
      </p>
      {usage.models.length > 0 ? (
        <ul className="text-sm">
          {usage.models.map((m) => (
            <li key={m.model} className="break-words">
              <code className="font-mono text-xs">{m.model}</code>: {formatPlural(m.modelCalls, 'call')},{' '}
              {formatCount(m.tokens)} tokens, {m.costMicroUsd === null ? 'price unknown' : formatMoney(m.costMicroUsd)}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}

function Gauge({
  label,
  value,
  max,
  show,
}: {
  label: string
  value: number
  max: number
  show: (value: number) => string
}) {
  const share = max > 0 ? Math.min(1, value / max) : 0
  const tone = share >= 1 ? 'bg-crit' : share >= 0.8 ? 'bg-warn' : 'bg-info'
  const words = max > 0 ? `${show(value)} of ${show(max)}` : `${show(value)}, no cap`
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap justify-between gap-x-2">
        <span className="font-semibold">{label}</span>
        <span className="live-value">{words}</span>
      </p>
      <div
        role="meter"
        aria-label={`${label} used today`}
        aria-valuemin={0}
        aria-valuemax={max > 0 ? max : value}
        aria-valuenow={max > 0 ? Math.min(value, max) : value}
        aria-valuetext={words}
        className="mt-1 h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div className={`h-full ${tone}`} style={{ width: `${(share * 100).toFixed(1)}%` }} />
      </div>
    </div>
  )
}
