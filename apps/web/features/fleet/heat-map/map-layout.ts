/**
 * Where each GPU stands on the map. A node is a block of four columns and as many rows as its GPUs need; blocks fill rows
 * from left to right, so that the eye finds a node again at the same place. Pure: the same fleet and width give the same map.
 */
export type MapNode = {
  nodeId: string
  name: string
  offset: number
  gpuCount: number
  cordoned: boolean
  group: string
}
export type MapBlock = MapNode & { x: number; y: number; height: number; row: number; column: number }
export type MapBand = { name: string; y: number }
export type MapLayout = {
  /** Side of one GPU's square, in px. */
  cellPx: number
  gapPx: number
  width: number
  height: number
  /** Height of the name above each block; 0: the map is too dense for names. */
  labelPx: number
  blockWidth: number
  columns: number
  rows: number
  blocks: MapBlock[]
  bands: MapBand[]
}

export const BLOCK_COLUMNS = 4
const MIN_CELL = 4
const MAX_CELL = 26
const LABEL_PX = 18
const BAND_PX = 20
/** Room for a name such as "node-06" above a block. */
const LABEL_MIN_BLOCK_PX = 60

type Options = { width: number; maxHeight: number; zoom?: number; grouped?: boolean }

export function layoutMap(
  nodes: readonly MapNode[],
  { width, maxHeight, zoom = 1, grouped = false }: Options,
): MapLayout {
  const usable = Math.max(BLOCK_COLUMNS * MIN_CELL, Math.floor(width))
  let best = arrange(nodes, usable, MIN_CELL, grouped)
  for (let cell = MAX_CELL; cell > MIN_CELL; cell--) {
    const candidate = arrange(nodes, usable, cell, grouped)
    if (candidate.height <= maxHeight && candidate.columns > 0) {
      best = candidate
      break
    }
  }
  return zoom > 1 ? arrange(nodes, usable, Math.round(best.cellPx * zoom), grouped) : best
}

function arrange(nodes: readonly MapNode[], width: number, cellPx: number, grouped: boolean): MapLayout {
  const gapPx = Math.max(3, Math.round(cellPx / 3))
  const blockWidth = BLOCK_COLUMNS * cellPx
  const columns = Math.max(1, Math.floor((width + gapPx) / (blockWidth + gapPx)))
  const labelPx = blockWidth >= LABEL_MIN_BLOCK_PX ? LABEL_PX : 0
  const blocks: MapBlock[] = []
  const bands: MapBand[] = []
  let row = 0
  let y = 0
  for (const group of grouped ? groupsOf(nodes) : [nodes]) {
    const first = group[0]
    if (!first) continue
    if (grouped) {
      bands.push({ name: first.group, y })
      y += BAND_PX
    }
    for (let start = 0; start < group.length; start += columns) {
      const inRow = group.slice(start, start + columns)
      inRow.forEach((node, column) =>
        blocks.push({
          ...node,
          x: column * (blockWidth + gapPx),
          y: y + labelPx,
          height: Math.ceil(node.gpuCount / BLOCK_COLUMNS) * cellPx,
          row,
          column,
        }),
      )
      row += 1
      // A row is as high as its tallest node.
      const tallest = Math.max(...inRow.map((node) => Math.ceil(node.gpuCount / BLOCK_COLUMNS)))
      y += tallest * cellPx + labelPx + gapPx
    }
  }
  const used = Math.max(1, ...blocks.map((block) => block.column + 1))
  return {
    cellPx,
    gapPx,
    width: used * (blockWidth + gapPx) - gapPx,
    height: Math.max(0, y - gapPx),
    labelPx,
    blockWidth,
    columns: used,
    rows: row,
    blocks,
    bands,
  }
}

function groupsOf(nodes: readonly MapNode[]): MapNode[][] {
  const groups = new Map<string, MapNode[]>()
  for (const node of nodes) groups.set(node.group, [...(groups.get(node.group) ?? []), node])
  return [...groups.keys()]
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => groups.get(name) ?? [])
}

export type MapHit = { block: MapBlock; gpu: number | null }

/** What stands under a point of the map. */
export function hitTest(layout: MapLayout, x: number, y: number): MapHit | null {
  const block = layout.blocks.find(
    (candidate) =>
      x >= candidate.x &&
      x < candidate.x + layout.blockWidth &&
      y >= candidate.y - layout.labelPx &&
      y < candidate.y + candidate.height,
  )
  if (!block) return null
  const gpu = Math.floor((y - block.y) / layout.cellPx) * BLOCK_COLUMNS + Math.floor((x - block.x) / layout.cellPx)
  return { block, gpu: y >= block.y && gpu < block.gpuCount ? gpu : null }
}

/** The block that an arrow key leads to; the same one at the edge. */
export function moveFrom(layout: MapLayout, index: number, key: string): number {
  const block = layout.blocks[index]
  if (!block) return 0
  const last = layout.blocks.length - 1
  if (key === 'ArrowRight') return Math.min(last, index + 1)
  if (key === 'ArrowLeft') return Math.max(0, index - 1)
  if (key === 'Home') return 0
  if (key === 'End') return last
  const rows = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : key === 'PageDown' ? 5 : key === 'PageUp' ? -5 : 0
  if (rows === 0) return index
  const wanted = Math.max(0, Math.min(layout.rows - 1, block.row + rows))
  const inRow = layout.blocks.findLastIndex((candidate) => candidate.row === wanted && candidate.column <= block.column)
  return inRow >= 0 ? inRow : index
}
