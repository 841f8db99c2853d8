'use client'
import type { PolicyDocument } from '@clawbernetes/protocol/policy/org-policy'
import type { PolicyAnswer } from '@clawbernetes/protocol/policy/policy-words'
import type { SimulationView } from '@clawbernetes/protocol/views/policy'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { presentPlanState, presentRisk } from '@/features/plans/plan-state'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { formatCount } from '@/ui/format'
import { InlineError } from '@/ui/inline-error'
import { StatusText, type Tone } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'

const ANSWER: Record<PolicyAnswer, { word: string; tone: Tone }> = {
  auto: { word: 'by itself', tone: 'ok' },
  ask: { word: 'asked', tone: 'pend' },
  deny: { word: 'refused', tone: 'crit' },
}
const SHOWN = 100

/** What the draft would have said of the last 30 days. Nothing is changed by asking. */
export function Simulator({ document }: { document: PolicyDocument }) {
  const trpc = useTRPC()
  const run = useMutation(trpc.policy.simulate.mutationOptions())
  const result = run.data
  // A result of another draft says nothing about this one.
  const current = result && run.variables?.document === document ? result : null
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => run.mutate({ document })} pending={run.isPending}>
          Try it on the last 30 days
        </Button>
        <p role="status">{current ? <Sentence result={current} /> : result ? 'The draft has changed since.' : ''}</p>
      </div>
      {run.error ? <InlineError title="It could not be tried" detail={toApiError(run.error).message} /> : null}
      {current && current.plans.length > 0 ? <Plans plans={current.plans} /> : null}
    </div>
  )
}

function Sentence({ result }: { result: SimulationView }) {
  if (result.plans.length === 0) return <>No plan was proposed in the last 30 days.</>
  return (
    <>
      Would have run by itself {formatCount(result.auto)}, asked {formatCount(result.asked)}, refused{' '}
      {formatCount(result.denied)}
      {result.truncated ? `, of the newest ${formatCount(result.plans.length)} plans` : ''}.
    </>
  )
}

function Plans({ plans }: { plans: SimulationView['plans'] }) {
  return (
    <>
      <Table label="Plans of the last 30 days under this draft">
        <TableHead>
          <tr>
            <Th>Plan</Th>
            <Th>Risk</Th>
            <Th>Draft</Th>
            <Th>Because</Th>
            <Th>In truth</Th>
            <Th>When</Th>
          </tr>
        </TableHead>
        <tbody>
          {plans.slice(0, SHOWN).map((plan) => (
            <tr key={plan.id}>
              <Td>
                <Link className="link" href={`/plans/${plan.id}`}>
                  {plan.label}
                </Link>{' '}
                {plan.title}
              </Td>
              <Td>{presentRisk(plan.risk).word}</Td>
              <Td>
                <StatusText tone={ANSWER[plan.answer].tone}>{ANSWER[plan.answer].word}</StatusText>
              </Td>
              <Td>{plan.reason}</Td>
              <Td>
                {presentPlanState(plan.was).word}
                {plan.byItself ? ', by itself' : ''}
              </Td>
              <Td>
                <RelativeTime value={plan.at} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {plans.length > SHOWN ? (
        <p className="text-sm text-muted">
          The newest {SHOWN} of {formatCount(plans.length)} are listed.
        </p>
      ) : null}
    </>
  )
}
