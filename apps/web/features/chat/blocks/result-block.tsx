'use client'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { ReactNode } from 'react'
import { BlockFrame } from './block-frame'
import { CostBlock, costText } from './cost-block'
import { DiagnosisBlock } from './diagnosis-block'
import { DiffBlock, diffText } from './diff-block'
import { FleetSummaryBlock } from './fleet-summary-block'
import { GpuMapBlock } from './gpu-map-block'
import { LogBlock } from './log-block'
import { RawBlock } from './raw-block'
import { ReasonsBlock } from './reasons-block'
import { ReportBlock } from './report-block'
import { TableBlock, tableText } from './table-block'
import { TimelineBlock } from './timeline-block'
import { TimeseriesBlock } from './timeseries-block'
import { WorkloadBlock } from './workload-block'

export type ResultBlockData = Exclude<Block, { type: 'plan' | 'choice' }>

function contentOf(block: ResultBlockData): { content: ReactNode; copyText?: string } | null {
  switch (block.type) {
    case 'fleet-summary':
      return { content: <FleetSummaryBlock block={block} /> }
    case 'table':
      return { content: <TableBlock block={block} />, copyText: tableText(block) }
    case 'timeseries':
      return { content: <TimeseriesBlock block={block} /> }
    case 'log-excerpt':
      return { content: <LogBlock block={block} />, copyText: block.lines.map((line) => line.text).join('\n') }
    case 'workload':
      return { content: <WorkloadBlock block={block} /> }
    case 'reasons':
      return { content: <ReasonsBlock block={block} /> }
    case 'diagnosis':
      return { content: <DiagnosisBlock block={block} /> }
    case 'cost':
      return { content: <CostBlock block={block} />, copyText: costText(block) }
    case 'report':
      return { content: <ReportBlock block={block} /> }
    case 'timeline':
      return { content: <TimelineBlock block={block} /> }
    case 'gpu-map':
      return { content: <GpuMapBlock block={block} /> }
    case 'diff':
      return { content: <DiffBlock block={block} />, copyText: diffText(block) }
    default:
      return null
  }
}

/** One result of the agent's reading, in its frame. A kind that this build does not know is shown as its data. */
export function ResultBlock({ block }: { block: ResultBlockData }) {
  const known = contentOf(block)
  if (!known) return <RawBlock block={block} />
  return (
    <BlockFrame meta={block} copyText={known.copyText}>
      {known.content}
    </BlockFrame>
  )
}
