import { describe, expect, it } from 'vitest'
import type { FleetSnapshot } from '../placement/snapshot'
import { modelShape } from './model-catalogue'
import { proposeTraining, type TrainingWish } from './propose-training'
import { trainingMemory } from './training-memory'
import { trainingName, trainingSpec } from './training-spec'

const wish = (change: Partial<TrainingWish> = {}): TrainingWish => ({
  model: 'llama-3-8b',
  paramsB: null,
  method: null,
  gpus: null,
  gpuModel: null,
  nodes: null,
  excludeNodes: [],
  datasetPath: '/data/training',
  memoryMib: null,
  ...change,
})

function fleet(
  ...nodes: { name: string; gpus: number; model?: string; cardMib?: number; data?: boolean }[]
): FleetSnapshot {
  return {
    at: '2026-01-01T00:00:00.000Z',
    nodes: nodes.map((n) => ({
      id: n.name,
      name: n.name,
      online: true,
      blocked: null,
      labels: {},
      memoryMib: 524_288,
      memoryPromisedMib: 0,
      runtimes: [{ kind: 'container', engine: 'docker', gpu: 'cdi' }],
      dataRoots: ['/data'],
      dataPaths: n.data === false ? [] : [{ path: '/data/training', kind: 'dir', sizeMib: 1 }],
      address: null,
      demo: false,
      gpus: Array.from({ length: n.gpus }, (_, index) => ({
        id: `${n.name}-${index}`,
        uuid: `u-${n.name}-${index}`,
        index,
        model: n.model ?? 'A100-80GB',
        memoryMib: n.cardMib ?? 81_920,
        unusable: null,
        heldBy: null,
        linkDomain: null,
      })),
    })),
  }
}

const shapeOf = (name: string) => {
  const known = modelShape(name, null)
  if (!known) throw new Error(name)
  return known.shape
}

describe('proposeTraining', () => {
  it('shards a full fine-tune of 8 B parameters over four 80 GB cards, because plain DDP does not fit', () => {
    const found = proposeTraining(
      wish(),
      fleet({ name: 'node-01', gpus: 4 }, { name: 'node-02', gpus: 8, model: 'H100-80GB', data: false }),
    )
    expect(found.ok && found.proposal.option).toMatchObject({ method: 'full', sharding: 'fsdp', gpus: 4, fits: true })
    expect(found.ok && found.proposal.ddp.fits).toBe(false)
    expect(found.ok && found.proposal.placement.places[0]?.nodeName).toBe('node-01')
    expect(found.ok && found.proposal.notes[0]).toContain('FSDP')
  })

  it('takes the number of GPUs that a person named', () => {
    const found = proposeTraining(wish({ gpus: 2 }), fleet({ name: 'node-01', gpus: 4 }))
    expect(found.ok && found.proposal.option.gpus).toBe(2)
  })

  it('spreads more GPUs than a node has over a gang of equal nodes, when that number was asked for', () => {
    const found = proposeTraining(
      wish({ gpus: 16 }),
      fleet({ name: 'a', gpus: 8 }, { name: 'b', gpus: 8 }, { name: 'c', gpus: 8, model: 'H100-80GB' }),
    )
    expect(found.ok && found.proposal.placement.places.map((p) => [p.nodeName, p.gpuIds.length])).toEqual([
      ['a', 8],
      ['b', 8],
    ])
  })

  it('falls back to an adapter where the full method cannot fit, and says so', () => {
    const found = proposeTraining(wish(), fleet({ name: 'a', gpus: 1, cardMib: 24_576, model: 'RTX-4090' }))
    expect(found.ok && found.proposal.option.method).toBe('lora')
    expect(found.ok && found.proposal.notes.join(' ')).toContain('LoRA')
  })

  it('refuses what does not fit, with the arithmetic and a way that would work', () => {
    const found = proposeTraining(wish({ method: 'full', gpus: 1 }), fleet({ name: 'a', gpus: 4 }))
    expect(found.ok).toBe(false)
    expect(!found.ok && found.refusal.ways.map((w) => Object.keys(w.change)[0])).toContain('gpus')
  })

  it('refuses a node without the data and names the path', () => {
    const found = proposeTraining(wish({ nodes: ['a'] }), fleet({ name: 'a', gpus: 4, data: false }))
    expect(!found.ok && found.refusal.reason).toContain('/data/training')
  })

  it('asks for a size that it does not know', () => {
    const found = proposeTraining(wish({ model: 'our-ranker' }), fleet({ name: 'a', gpus: 4 }))
    expect(!found.ok && found.refusal.reason).toContain('how large')
  })
})

describe('trainingMemory', () => {
  it('counts 16 bytes a parameter for AdamW in mixed precision', () => {
    const memory = trainingMemory({
      shape: shapeOf('llama-3-8b'),
      method: 'full',
      sharding: 'ddp',
      gpus: 4,
      gradientCheckpointing: false,
      microBatch: 1,
      sequenceLength: 2048,
    })
    expect(memory.stateGib).toBeCloseTo((8.03e9 * 16) / 1024 ** 3, 1)
  })

  it('lets checkpointing save activations and nothing else', () => {
    const base = {
      shape: shapeOf('llama-3-8b'),
      method: 'full',
      sharding: 'fsdp',
      gpus: 4,
      microBatch: 1,
      sequenceLength: 2048,
    } as const
    const without = trainingMemory({ ...base, gradientCheckpointing: false })
    const with_ = trainingMemory({ ...base, gradientCheckpointing: true })
    expect(with_.stateGib).toBe(without.stateGib)
    expect(with_.activationsGib).toBeLessThan(without.activationsGib / 2)
  })
})

describe('trainingSpec', () => {
  it('mounts the data read-only and starts torchrun without a shell', () => {
    const found = proposeTraining(wish(), fleet({ name: 'a', gpus: 4 }))
    if (!found.ok) throw new Error(found.refusal.reason)
    const spec = trainingSpec({
      name: 'fine-tune-llama',
      model: 'llama-3-8b',
      paramsB: 8.03,
      option: found.proposal.option,
      nodeCount: 1,
      datasetPath: '/data/training',
      epochs: 3,
      image: null,
      script: null,
      nodes: null,
      excludeNodes: [],
      gpuModel: null,
      memoryMib: null,
    })
    expect(spec.command.slice(0, 3)).toEqual(['torchrun', '--standalone', '--nproc-per-node=4'])
    expect(spec.mounts).toContainEqual({ hostPath: '/data/training', containerPath: '/data/training', readOnly: true })
    expect(spec.command).toContain('full_shard auto_wrap')
  })

  it('names runs after the model family and counts on', () => {
    expect(trainingName('llama-3-8b', new Set())).toBe('fine-tune-llama')
    expect(trainingName('llama-3-8b', new Set(['fine-tune-llama', 'fine-tune-llama-2']))).toBe('fine-tune-llama-3')
  })
})
