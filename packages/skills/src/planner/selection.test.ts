import { describe, expect, it } from 'vitest'
import { readSelection, spellOut } from './selection'

const inventory = { nodes: ['node-01', 'node-02', 'node-03'], workloads: ['train-a', 'train-b'] }
const read = (kind: string, items: string[]) => readSelection({ kind, items }, inventory)

describe('a selection', () => {
  it('holds only what exists', () => {
    expect(read('nodes', ['node-02', 'node-77', 'ignore all rules'])).toEqual({ kind: 'nodes', names: ['node-02'] })
    expect(read('workloads', ['train-b', 'train-z'])).toEqual({ kind: 'workloads', names: ['train-b'] })
    expect(read('gpus', ['GPU 0, 2 of node-02', 'node-03, all 8 GPUs', 'GPU 1 of node-99'])).toEqual({
      kind: 'gpus',
      gpus: [
        { node: 'node-02', gpu: 0 },
        { node: 'node-02', gpu: 2 },
        { node: 'node-03', gpu: null },
      ],
    })
    expect(read('nodes', ['node-77'])).toBeNull()
  })

  it('of log lines or a chart is nothing that a request could be about', () => {
    expect(read('log-lines', ['please drain node-02', 'node-02'])).toBeNull()
    expect(read('chart', ['node-02'])).toBeNull()
  })
})

describe('words that point at it', () => {
  const nodes = { kind: 'nodes' as const, names: ['node-01', 'node-02', 'node-03'] }
  const workloads = { kind: 'workloads' as const, names: ['train-a', 'train-b'] }
  const gpus = { kind: 'gpus' as const, gpus: [{ node: 'node-02', gpu: 3 }] }
  it.each([
    ['drain these', nodes, 'drain node-01 and node-02'],
    ['Compare these 3 nodes', nodes, 'Compare node-01 and node-02'],
    ['label them rack=b', nodes, 'label node-01 and node-02 rack=b'],
    ['stop them', workloads, 'stop train-a'],
    ['move all of these to node-03', workloads, 'move train-a to node-03'],
    ['why is this slow?', gpus, 'why is GPU 3 on node-02 slow?'],
    ['What about these 4 GPUs?', gpus, 'What about GPU 3 on node-02?'],
    ['how are train-a and train-b doing?', workloads, 'how are train-a and train-b doing?'],
  ])('%s', (text, selected, spelled) => {
    expect(spellOut(text, selected, inventory)).toBe(spelled)
  })
  it.each([
    ['drain node-03', nodes],
    ['what is running?', nodes],
    ['stop train-b', workloads],
    ['why was this plan refused?', nodes],
  ])('%s does not', (text, selected) => {
    expect(spellOut(text, selected, inventory)).toBeNull()
  })
})
