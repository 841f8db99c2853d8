'use client'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { lazy, Suspense } from 'react'
import { ErrorBoundary } from 'react-error-boundary'
import { Skeleton } from '@/ui/skeleton'
import { ChoiceBlock, type ChoiceState } from './choice-block'
import { RawBlock } from './raw-block'
import { whenReachable } from '@/ui/when-reachable'

/** Cards and results arrive after the words that introduce them. */
const loadCard = whenReachable(() => import('@/features/plans/plan-card'))
const loadResult = whenReachable(() => import('./result-block'))
const PlanCard = lazy(() => loadCard().then((module) => ({ default: module.PlanCard })))
const ResultBlock = lazy(() => loadResult().then((module) => ({ default: module.ResultBlock })))

/** Called when the conversation is up and idle: the first answer then finds its blocks already there. */
export function preloadBlocks(): void {
  void loadCard()
  void loadResult()
}

type BlockViewProps = { block: Block; choice: ChoiceState }

function KnownBlock({ block, choice }: BlockViewProps) {
  if (block.type === 'choice') return <ChoiceBlock block={block} state={choice} />
  if (block.type === 'plan')
    return (
      <div className="my-2">
        <PlanCard planId={block.planId} />
      </div>
    )
  return <ResultBlock block={block} />
}

export function BlockView(props: BlockViewProps) {
  return (
    <ErrorBoundary fallback={<RawBlock block={props.block} />}>
      <Suspense fallback={<Skeleton className="my-2 h-24" />}>
        <KnownBlock {...props} />
      </Suspense>
    </ErrorBoundary>
  )
}
