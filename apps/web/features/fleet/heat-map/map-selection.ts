import type { SlotTable } from '@clawbernetes/protocol/views/fleet'
import { BLOCK_COLUMNS, type MapLayout } from './map-layout'

/** Places of the slot table: each is one GPU. */
export type MapSelection = ReadonlySet<number>
export type Rect = { left: number; top: number; right: number; bottom: number }

export const NOTHING: MapSelection = new Set()

export function rectOf(from: { x: number; y: number }, to: { x: number; y: number }): Rect {
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    right: Math.max(from.x, to.x),
    bottom: Math.max(from.y, to.y),
  }
}

/** The GPUs whose cells a rectangle touches. */
export function placesIn(layout: MapLayout, rect: Rect): number[] {
  return layout.blocks.flatMap((block) =>
    Array.from({ length: block.gpuCount }, (_, gpu) => gpu)
      .filter((gpu) => {
        const left = block.x + (gpu % BLOCK_COLUMNS) * layout.cellPx
        const top = block.y + Math.floor(gpu / BLOCK_COLUMNS) * layout.cellPx
        return (
          left < rect.right && left + layout.cellPx > rect.left && top < rect.bottom && top + layout.cellPx > rect.top
        )
      })
      .map((gpu) => block.offset + gpu),
  )
}

/** All GPUs of a node in, or out when all of them were in. */
export function toggleBlock(selection: MapSelection, block: { offset: number; gpuCount: number }): MapSelection {
  const places = Array.from({ length: block.gpuCount }, (_, gpu) => block.offset + gpu)
  const next = new Set(selection)
  const allIn = places.every((place) => next.has(place))
  for (const place of places) {
    if (allIn) next.delete(place)
    else next.add(place)
  }
  return next
}

/** The selection in words, a node at a time: "GPU 0, 1 of node-02", "node-03, all 8 GPUs". */
export function selectionWords(selection: MapSelection, table: SlotTable): string[] {
  return table.nodes.flatMap((node) => {
    const chosen = node.gpus.filter((_, at) => selection.has(node.offset + at)).map((gpu) => gpu.index)
    if (chosen.length === 0) return []
    if (chosen.length === node.gpus.length) return [`${node.name}, all ${chosen.length} GPUs`]
    return [`GPU ${chosen.join(', ')} of ${node.name}`]
  })
}
