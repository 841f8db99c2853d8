import type { Cell, CellTone } from './metric-bins'
import { BLOCK_COLUMNS, type MapLayout } from './map-layout'

/** Colours as the canvas' own 32-bit words (ABGR on little-endian machines). */
export type MapPalette = {
  background: number
  line: number
  hatch: number
  ramps: Record<'heat' | 'therm', number[]>
  tones: Record<Exclude<CellTone, 'heat' | 'therm'>, number>
}

/** "#rrggbb", or "#rgb" as minifiers leave it, as a word for an ImageData seen as Uint32Array. */
export function packColour(hex: string): number {
  const digits = hex.trim().replace('#', '')
  const value = Number.parseInt(digits.length === 3 ? digits.replace(/./g, '$&$&') : digits, 16)
  const red = (value >> 16) & 255
  const green = (value >> 8) & 255
  const blue = value & 255
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

const colourOf = (cell: Cell, palette: MapPalette): number =>
  cell.tone === 'heat' || cell.tone === 'therm'
    ? (palette.ramps[cell.tone][cell.bin] ?? palette.line)
    : palette.tones[cell.tone]

/** A number per look: two cells with the same key are drawn alike, so an unchanged one need not be drawn again. */
const PATTERN_KEY = { fill: 0, hollow: 1, hatch: 2 } as const
const TONE_KEY = { heat: 0, therm: 1, ok: 2, warn: 3, crit: 4 } as const
const keyOf = (cell: Cell, cut: boolean): number =>
  1 + ((PATTERN_KEY[cell.pattern] * 5 + TONE_KEY[cell.tone]) * 8 + cell.bin) * 2 + (cut ? 1 : 0)

export type MapCanvas = { pixels: Uint32Array; width: number; drawn: Uint16Array }

/** Draws the cells whose look changed; returns how many. `drawn` remembers each place's look between calls. */
export function paintMap(
  canvas: MapCanvas,
  layout: MapLayout,
  palette: MapPalette,
  cellOf: (place: number) => Cell,
): number {
  let painted = 0
  for (const block of layout.blocks) {
    for (let gpu = 0; gpu < block.gpuCount; gpu++) {
      const place = block.offset + gpu
      const cell = cellOf(place)
      const key = keyOf(cell, block.cordoned)
      if (canvas.drawn[place] === key) continue
      canvas.drawn[place] = key
      const x = block.x + (gpu % BLOCK_COLUMNS) * layout.cellPx
      const y = block.y + Math.floor(gpu / BLOCK_COLUMNS) * layout.cellPx
      paintCell(canvas, palette, cell, x, y, layout.cellPx, block.cordoned)
      painted += 1
    }
  }
  return painted
}

function paintCell(
  { pixels, width }: MapCanvas,
  palette: MapPalette,
  cell: Cell,
  left: number,
  top: number,
  size: number,
  cut: boolean,
): void {
  const colour = colourOf(cell, palette)
  // Large squares stand apart by a line of background; tiny ones would lose too much to it.
  const side = size >= 14 ? size - 2 : size >= 8 ? size - 1 : size
  const stroke = size >= 14 ? 2 : 1
  const corner = cut ? Math.max(2, Math.round(side / 3)) : 0
  for (let dy = 0; dy < side; dy++) {
    const row = (top + dy) * width + left
    for (let dx = 0; dx < side; dx++) {
      let word = colour
      if (dx + dy < corner) word = palette.background
      else if (cell.pattern === 'hatch') word = (dx + dy) % 4 === 0 ? palette.hatch : palette.background
      else if (cell.pattern === 'hollow') {
        const edge = dx < stroke || dy < stroke || dx >= side - stroke || dy >= side - stroke
        word = edge ? colour : palette.background
      }
      pixels[row + dx] = word
    }
  }
}
