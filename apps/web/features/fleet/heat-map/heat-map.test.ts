import { FRAME_NO_DATA, FRAME_STATES, type FleetFrame } from '@clawbernetes/protocol/views/fleet'
import { describe, expect, it } from 'vitest'
import { hitTest, layoutMap, type MapNode, moveFrom } from './map-layout'
import { cellAt, percentBin, temperatureBin } from './metric-bins'
import { packColour, paintMap, type MapPalette } from './paint-map'

const fleet = (nodes: number, gpus = 8): MapNode[] =>
  Array.from({ length: nodes }, (_, index) => ({
    nodeId: `n${index}`,
    name: `node-${index}`,
    offset: index * gpus,
    gpuCount: gpus,
    cordoned: false,
    group: index % 2 ? 'b' : 'a',
  }))

describe('layout', () => {
  it('holds 1,000 nodes of 8 GPUs in a screen, and shows 8 nodes large enough to read', () => {
    const large = layoutMap(fleet(1000), { width: 870, maxHeight: 340 })
    expect(large.height).toBeLessThanOrEqual(340)
    expect(large.width).toBeLessThanOrEqual(870)
    expect(large.blocks).toHaveLength(1000)
    const small = layoutMap(fleet(8), { width: 870, maxHeight: 340 })
    expect(small.cellPx).toBeGreaterThanOrEqual(20)
    expect(small.labelPx).toBeGreaterThan(0)
  })
  it('never leaves the width of a phone', () => {
    for (const count of [1, 8, 64, 1000])
      expect(layoutMap(fleet(count), { width: 310, maxHeight: 300 }).width).toBeLessThanOrEqual(310)
  })
  it('finds the same GPU under its square, and none beside a node that has fewer', () => {
    const layout = layoutMap(fleet(9, 2), { width: 400, maxHeight: 300 })
    const block = layout.blocks[4]
    if (!block) throw new Error('no block')
    const half = layout.cellPx / 2
    expect(hitTest(layout, block.x + layout.cellPx + half, block.y + half)).toMatchObject({
      gpu: 1,
      block: { nodeId: 'n4' },
    })
    expect(hitTest(layout, block.x + 3 * layout.cellPx + half, block.y + half)).toMatchObject({ gpu: null })
    expect(hitTest(layout, -5, -5)).toBeNull()
  })
  it('bands keep a group together', () => {
    const layout = layoutMap(fleet(20), { width: 400, maxHeight: 400, grouped: true })
    expect(layout.bands.map((band) => band.name)).toEqual(['a', 'b'])
    expect(layout.blocks.slice(0, 10).every((block) => block.group === 'a')).toBe(true)
  })
  it('moves by rows and stops at the edges', () => {
    const layout = layoutMap(fleet(100), { width: 400, maxHeight: 200 })
    expect(moveFrom(layout, 0, 'ArrowLeft')).toBe(0)
    expect(moveFrom(layout, 0, 'ArrowDown')).toBe(layout.columns)
    expect(moveFrom(layout, layout.columns, 'ArrowUp')).toBe(0)
    expect(moveFrom(layout, 3, 'End')).toBe(99)
    expect(moveFrom(layout, 99, 'PageDown')).toBe(99)
  })
})

const frame = (
  over: Partial<Record<'util' | 'mem' | 'temp' | 'power' | 'state', number[]>>,
  length = 1,
): FleetFrame => {
  const bytes = (name: 'util' | 'mem' | 'temp' | 'power' | 'state') =>
    Uint8Array.from(over[name] ?? Array.from({ length }, () => (name === 'state' ? 1 : FRAME_NO_DATA)))
  return {
    version: 'v',
    atMs: 0,
    length,
    util: bytes('util'),
    mem: bytes('mem'),
    temp: bytes('temp'),
    power: bytes('power'),
    state: bytes('state'),
  }
}
const facts = { slowdownTempC: 87, priceMicroUsd: null }

describe('bins', () => {
  it('are those of the design', () => {
    expect([0, 1, 19, 20, 59, 60, 94, 95, 100].map(percentBin)).toEqual([0, 1, 1, 2, 3, 4, 5, 6, 6])
  })
  it('judge a temperature by the limit of the device', () => {
    expect(temperatureBin(88, 87)).toBe(6)
    expect(temperatureBin(88, 95)).toBe(5)
    expect(temperatureBin(30, null)).toBe(0)
  })
  it('hatch what is not known instead of calling it zero', () => {
    for (const metric of ['util', 'mem', 'temp', 'power', 'price'] as const)
      expect(cellAt(frame({}), metric, 0, facts).pattern).toBe('hatch')
    const gone = frame({ state: [FRAME_STATES.indexOf('no-data')] })
    for (const metric of ['allocation', 'health'] as const) expect(cellAt(gone, metric, 0, facts).pattern).toBe('hatch')
    // A place beyond the frame is no GPU at rest either.
    expect(cellAt(frame({}), 'util', 7, facts).pattern).toBe('hatch')
  })
  it('draw a GPU that nobody holds hollow, also on a cordoned node, and an idle allocated one filled', () => {
    for (const state of ['free', 'cordoned'] as const)
      for (const metric of ['util', 'allocation'] as const)
        expect(cellAt(frame({ util: [0], state: [FRAME_STATES.indexOf(state)] }), metric, 0, facts).pattern).toBe(
          'hollow',
        )
    expect(cellAt(frame({ util: [0], state: [1] }), 'util', 0, facts)).toEqual({
      pattern: 'fill',
      tone: 'heat',
      bin: 0,
    })
  })
})

describe('painting', () => {
  const palette: MapPalette = {
    background: 1,
    line: 2,
    hatch: 3,
    ramps: { heat: [10, 11, 12, 13, 14, 15, 16], therm: [20, 21, 22, 23, 24, 25, 26] },
    tones: { ok: 30, warn: 31, crit: 32 },
  }
  it('draws only what changed', () => {
    const layout = layoutMap(fleet(1000), { width: 870, maxHeight: 340 })
    const canvas = {
      pixels: new Uint32Array(layout.width * layout.height),
      width: layout.width,
      drawn: new Uint16Array(8000),
    }
    const values = Array.from({ length: 8000 }, (_, place) => place % 200)
    const first = frame({ util: values, state: values.map(() => 1) }, 8000)
    expect(paintMap(canvas, layout, palette, (place) => cellAt(first, 'util', place, facts))).toBe(8000)
    values[5] = 0
    values[17] = 255
    const second = frame({ util: values, state: values.map(() => 1) }, 8000)
    expect(paintMap(canvas, layout, palette, (place) => cellAt(second, 'util', place, facts))).toBe(2)
  })
  it('packs colours for the canvas', () => {
    expect(packColour('#0b4fe0')).toBe(0xffe04f0b)
    expect(packColour('#fff')).toBe(packColour('#ffffff'))
    expect(packColour(' #1af')).toBe(packColour('#11aaff'))
  })
})
