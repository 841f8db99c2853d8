import { expect, test } from 'vitest'
import { layoutMap } from './map-layout'
import { NOTHING, placesIn, rectOf, toggleBlock } from './map-selection'

const node = (name: string, offset: number) => ({
  nodeId: name,
  name,
  offset,
  gpuCount: 8,
  cordoned: false,
  group: '',
})
const layout = layoutMap([node('node-01', 0), node('node-02', 8)], {
  width: 600,
  maxHeight: 380,
  zoom: 1,
  grouped: false,
})
const [first] = layout.blocks

test('a rectangle takes the GPUs that it touches, drawn in any direction', () => {
  const { x, y } = first ?? { x: 0, y: 0 }
  const inFirstCell = { x: x + 1, y: y + 1 }
  expect(placesIn(layout, rectOf(inFirstCell, { x: x + 2, y: y + 2 }))).toEqual([0])
  const all = { x: layout.width + 5, y: layout.height + 5 }
  expect(placesIn(layout, rectOf(all, { x: -5, y: -5 }))).toHaveLength(16)
})

test('a node is selected with all its GPUs, and let go again', () => {
  const chosen = toggleBlock(NOTHING, { offset: 8, gpuCount: 8 })
  expect([...chosen]).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
  expect(toggleBlock(chosen, { offset: 8, gpuCount: 8 }).size).toBe(0)
})

test('a node of which only some are selected is completed first', () => {
  expect(toggleBlock(new Set([8]), { offset: 8, gpuCount: 8 }).size).toBe(8)
})
