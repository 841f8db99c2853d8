'use client'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { ErrorBoundary } from 'react-error-boundary'
import { PlanCard } from '@/features/plans/plan-card'
import { Button } from '@/ui/button'
import { CodeBlock, Disclosure } from '@/ui/disclosure'
import { BlockFrame } from './block-frame'
import { FleetSummaryBlock } from './fleet-summary-block'
import { LogBlock } from './log-block'
import { ReasonsBlock } from './reasons-block'
import { TableBlock, tableText } from './table-block'
import { TimeseriesBlock } from './timeseries-block'
import { WorkloadBlock } from './workload-block'

type BlockViewProps = {
  block: Block /** Answers a choice; undefined once the conversation went on. */
  onAnswer?: (text: string) => void
}

function Choice({ block, onAnswer }: { block: Extract<Block, { type: 'choice' }>; onAnswer?: (text: string) => void }) {
  return (
    <div role="group" aria-label={block.question} className="my-2 grid gap-2">
      <p>{block.question}</p>
      <div className="flex flex-wrap gap-2">
        {block.options.map((option) => (
          <Button key={option.label} onClick={() => onAnswer?.(option.send)} aria-disabled={onAnswer === undefined}>
            {option.label}
          </Button>
        ))}
      </div>
    </div>
  )
}

/** A kind of block that this build does not know, or that does not fit its shape: its data as a tree, never nothing. */
function RawBlock({ block }: { block: unknown }) {
  const title =
    typeof block === 'object' && block !== null && 'title' in block && typeof block.title === 'string'
      ? block.title
      : 'Result'
  return (
    <section aria-label={title} className="panel my-2 px-2.5 py-2">
      <Disclosure summary={title}>
        <CodeBlock label={`${title}, data`}>{JSON.stringify(block, null, 2)}</CodeBlock>
      </Disclosure>
    </section>
  )
}

function KnownBlock({ block, onAnswer }: BlockViewProps) {
  switch (block.type) {
    case 'plan':
      return (
        <div className="my-2">
          <PlanCard planId={block.planId} />
        </div>
      )
    case 'choice':
      return <Choice block={block} onAnswer={onAnswer} />
    case 'fleet-summary':
      return (
        <BlockFrame meta={block}>
          <FleetSummaryBlock block={block} />
        </BlockFrame>
      )
    case 'table':
      return (
        <BlockFrame meta={block} copyText={tableText(block)}>
          <TableBlock block={block} />
        </BlockFrame>
      )
    case 'timeseries':
      return (
        <BlockFrame meta={block}>
          <TimeseriesBlock block={block} />
        </BlockFrame>
      )
    case 'log-excerpt':
      return (
        <BlockFrame meta={block} copyText={block.lines.map((line) => line.text).join('\n')}>
          <LogBlock block={block} />
        </BlockFrame>
      )
    case 'workload':
      return (
        <BlockFrame meta={block}>
          <WorkloadBlock block={block} />
        </BlockFrame>
      )
    case 'reasons':
      return (
        <BlockFrame meta={block}>
          <ReasonsBlock block={block} />
        </BlockFrame>
      )
    default:
      return <RawBlock block={block} />
  }
}

export function BlockView(props: BlockViewProps) {
  return (
    <ErrorBoundary fallback={<RawBlock block={props.block} />}>
      <KnownBlock {...props} />
    </ErrorBoundary>
  )
}
