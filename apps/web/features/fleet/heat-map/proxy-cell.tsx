'use client'
import type { FleetFrame } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { useState, type KeyboardEvent } from 'react'
import { usePreferences } from '@/features/shell/preferences-context'
import { type MapLayout, moveFrom } from './map-layout'
import { type MapSelection, toggleBlock } from './map-selection'
import { blockWords } from './map-words'

type ProxyCellProps = {
  layout: MapLayout
  frame: FleetFrame
  nodes: ReadonlyMap<string, NodeListItem>
  onOpen: (nodeId: string) => void
  selection: MapSelection
  onSelect: (selection: MapSelection) => void
}

/** One tab stop for the whole map: a single cell that the arrows move from node to node. */
export function ProxyCell({ layout, frame, nodes, onOpen, selection, onSelect }: ProxyCellProps) {
  const { preferences } = usePreferences()
  const [index, setIndex] = useState(0)
  const at = Math.min(index, layout.blocks.length - 1)
  const block = layout.blocks[at]
  if (!block) return null
  const words = blockWords({
    block,
    layout,
    node: nodes.get(block.nodeId),
    frame,
    unit: preferences.temperatureUnit,
  })
  const selected = selection.has(block.offset)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onOpen(block.nodeId)
    if (event.key === 'x' && !event.metaKey && !event.ctrlKey && !event.altKey) {
      event.preventDefault()
      return onSelect(toggleBlock(selection, block))
    }
    const next = moveFrom(layout, at, event.key)
    if (next === at && event.key !== 'Enter') return
    event.preventDefault()
    setIndex(next)
  }
  return (
    <div
      role="grid"
      aria-label="GPU map, a cell per node. Arrows move, Enter opens the node, x selects its GPUs."
      aria-multiselectable="true"
      aria-rowcount={layout.rows}
      aria-colcount={layout.columns}
    >
      <div role="row" aria-rowindex={block.row + 1}>
        <div
          role="gridcell"
          aria-colindex={block.column + 1}
          tabIndex={0}
          aria-selected={selected}
          aria-label={words}
          onKeyDown={onKeyDown}
          className="pointer-events-none absolute rounded-sm"
          style={{ left: block.x - 2, top: block.y - 2, width: layout.blockWidth + 4, height: block.height + 4 }}
        />
      </div>
      <div role="row" className="sr-only">
        <span role="gridcell" aria-live="polite">
          {index > 0 ? words : ''}
        </span>
      </div>
    </div>
  )
}
