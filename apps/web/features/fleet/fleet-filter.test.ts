import type { FleetFrame, SlotTable } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { describe, expect, it } from 'vitest'
import { facetsOf, hasToken, matchesFilter, parseFilter, toggleToken } from './fleet-filter'
import { liveByNode } from './node-live'

const node = (over: Partial<NodeListItem>) =>
  ({
    name: 'node-01',
    status: 'online',
    condition: 'ok',
    cordon: null,
    labels: { rack: 'a3' },
    gpuModels: [{ model: 'A100-80GB', count: 4 }],
    workloads: [],
    demo: false,
    ...over,
  }) as NodeListItem
const found = (filter: string, over: Partial<NodeListItem> = {}) => matchesFilter(node(over), parseFilter(filter))

describe('filter', () => {
  it('needs every part to hold', () => {
    expect(found('status:online model:a100 label:rack=a3 node')).toBe(true)
    expect(found('status:online model:h100')).toBe(false)
  })
  it('finds a node by the workload on it, and takes an unknown key as text', () => {
    expect(found('mixtral', { workloads: [{ id: 'w', name: 'mixtral-8x7b', gpus: 2 }] })).toBe(true)
    expect(found('http://x')).toBe(false)
  })
  it('tells degraded from online', () => {
    expect(found('status:degraded', { condition: 'degraded' })).toBe(true)
    expect(found('status:healthy', { condition: 'degraded' })).toBe(false)
  })
  it('switches a token on and off and leaves the rest', () => {
    const on = toggleToken('node-0', 'status:offline')
    expect(on).toBe('node-0 status:offline')
    expect(hasToken(on, 'STATUS:offline')).toBe(true)
    expect(toggleToken(on, 'status:offline')).toBe('node-0')
  })
  it('offers what narrows, the troubles first', () => {
    const facets = facetsOf([
      node({}),
      node({ condition: 'degraded' }),
      node({ status: 'offline', condition: 'unknown' }),
    ])
    expect(facets[0]).toMatchObject({ label: 'degraded', count: 1 })
    expect(facets.find((facet) => facet.label === 'A100-80GB')?.count).toBe(3)
  })
})

describe('live values of a node', () => {
  const table: SlotTable = {
    version: 'a',
    length: 2,
    nodes: [
      {
        nodeId: 'n',
        name: 'n',
        status: 'online',
        labels: {},
        cordoned: false,
        demo: false,
        offset: 0,
        gpus: [0, 1].map((index) => ({
          gpuId: `g${index}`,
          index,
          model: 'A100',
          memoryMib: null,
          slowdownTempC: null,
        })),
      },
    ],
  }
  const bytes = (...values: number[]) => Uint8Array.from(values)
  const frame: FleetFrame = {
    version: 'a',
    atMs: 0,
    length: 2,
    util: bytes(100, 255),
    mem: bytes(255, 255),
    temp: bytes(61, 70),
    power: bytes(0, 0),
    state: bytes(1, 8),
  }
  it('are means over the GPUs that reported, and unknown where none did', () => {
    expect(liveByNode(table, frame).get('n')).toEqual({
      utilPct: 50,
      memPct: null,
      maxTempC: 70,
      allocated: 1,
      reporting: 1,
      critical: 0,
    })
  })
  it('are never read with the wrong table', () => {
    expect(liveByNode({ ...table, version: 'b' }, frame).size).toBe(0)
  })
})
