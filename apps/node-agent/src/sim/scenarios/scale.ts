import type { GpuModelName } from '../physics/gpu-models'
import { type Scenario, scenario } from './scenario'

const GPUS_PER_NODE = 8
const NODES_PER_RACK = 4

/** A fleet of `nodes` machines with eight GPUs each, every fourth with H100: for measuring, nothing runs on it. */
export function scale(nodes: number): Scenario {
  const width = Math.max(2, String(nodes).length)
  return scenario.parse({
    name: `scale-${nodes}`,
    title: `${nodes} nodes with eight GPUs each`,
    shared: ['/data/checkpoints'],
    nodes: Array.from({ length: nodes }, (_, i) => {
      const model: GpuModelName = i % 4 === 3 ? 'H100-80GB' : 'A100-80GB'
      return {
        name: `node-${String(i + 1).padStart(width, '0')}`,
        gpu: { model, count: GPUS_PER_NODE },
        cpuModel: 'AMD EPYC 9654 96-Core Processor',
        cpuCores: 192,
        memoryMib: 1024 * 1024,
        diskTotalMib: 14_000_000,
        diskUsedMib: 2_000_000,
        driverVersion: '570.124.06',
        cudaVersion: '12.8',
        kernel: '5.15.0-130-generic',
        ambientC: 20 + (i % 6),
        labels: {
          rack: `r${Math.floor(i / NODES_PER_RACK) + 1}`,
          pool: 'scale',
          'price-per-gpu-hour-usd': model === 'H100-80GB' ? '2.90' : '1.80',
        },
        paths: [{ path: '/data/training', files: [] }],
        images: [
          'pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime',
          'huggingface/transformers-pytorch-gpu:latest',
          'clawbernetes/demo-tools:1',
          'busybox:latest',
        ],
      }
    }),
  })
}
