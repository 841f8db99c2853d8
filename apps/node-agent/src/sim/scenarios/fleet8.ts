import type * as z from 'zod'
import { scenario, type scenarioNode } from './scenario'

const A100_BOX = {
  cpuModel: 'AMD EPYC 7763 64-Core Processor',
  cpuCores: 128,
  memoryMib: 512 * 1024,
  diskTotalMib: 14_000_000,
  diskUsedMib: 3_900_000,
  driverVersion: '550.144.03',
  cudaVersion: '12.4',
  kernel: '5.15.0-130-generic',
  ambientC: 24,
}
const H100_BOX = {
  cpuModel: 'Intel(R) Xeon(R) Platinum 8480C',
  cpuCores: 224,
  memoryMib: 1024 * 1024,
  diskTotalMib: 28_000_000,
  diskUsedMib: 6_200_000,
  driverVersion: '570.124.06',
  cudaVersion: '12.8',
  kernel: '5.15.0-130-generic',
  ambientC: 21,
}
/** US dollars for one GPU and hour; the control plane computes costs from this label. */
const A100_PRICE = { 'price-per-gpu-hour-usd': '1.80' }
const H100_PRICE = { 'price-per-gpu-hour-usd': '2.90' }

const PYTORCH = 'pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime'
const TOOLS = 'clawbernetes/demo-tools:1'
/** What the planner takes for a fine-tune unless a person names another image. */
const TRAINER = 'huggingface/transformers-pytorch-gpu:latest'
const IMAGES = [PYTORCH, TRAINER, TOOLS]

/** A dataset in `parts` files of `partMib` each. */
const dataset = (name: string, parts: number, partMib: number) => ({
  path: `/data/${name}`,
  files: Array.from({ length: parts }, (_, i) => ({
    name: `part-${String(i).padStart(5, '0')}.parquet`,
    sizeMib: partMib,
  })),
})
const CHECKPOINTS = { path: '/data/checkpoints', files: [] }
/** The custom dataset of the first conversation, 12 GB. */
const TRAINING = dataset('training', 12, 1024)
const PAIRS = dataset('pairs', 8, 512)
const CODE = dataset('code', 24, 2048)
const SCANS = dataset('scans', 40, 1024)
const WEBTEXT = dataset('webtext', 64, 8192)

/**
 * The world of the use cases: 8 nodes, 24 A100 and 8 H100. The seed fills it with twelve workloads on 18 GPUs; the table
 * with the reasons stands in docs/demo.md.
 */
export const fleet8 = scenario.parse({
  name: 'fleet8',
  title: 'Eight nodes with 24 A100 and 8 H100',
  shared: ['/data/checkpoints'],
  nodes: [
    {
      ...A100_BOX,
      name: 'node-01',
      gpu: { model: 'A100-80GB', count: 4 },
      ambientC: 26,
      labels: { rack: 'a1', pool: 'train', owner: 'ml-platform', ...A100_PRICE },
      images: IMAGES,
      paths: [TRAINING, CHECKPOINTS, PAIRS],
    },
    {
      ...H100_BOX,
      name: 'node-02',
      gpu: { model: 'H100-80GB', count: 8 },
      labels: { rack: 'b1', pool: 'h100', owner: 'ml-platform', ...H100_PRICE },
      images: IMAGES,
      paths: [WEBTEXT, CHECKPOINTS],
    },
    {
      ...A100_BOX,
      name: 'node-03',
      gpu: { model: 'A100-80GB', count: 4 },
      labels: { rack: 'a1', pool: 'train', owner: 'ml-platform', ...A100_PRICE },
      images: IMAGES,
      paths: [dataset('instruct', 20, 2048), TRAINING, CHECKPOINTS],
    },
    {
      ...A100_BOX,
      name: 'node-04',
      gpu: { model: 'A100-80GB', count: 4 },
      labels: { rack: 'a2', pool: 'general', owner: 'search', ...A100_PRICE },
      images: IMAGES,
      paths: [PAIRS, CODE, SCANS, CHECKPOINTS],
    },
    {
      ...A100_BOX,
      name: 'node-05',
      gpu: { model: 'A100-80GB', count: 2 },
      cpuModel: 'AMD EPYC 7313 16-Core Processor',
      cpuCores: 16,
      memoryMib: 16 * 1024,
      diskTotalMib: 1_900_000,
      diskUsedMib: 1_100_000,
      labels: { rack: 'a2', pool: 'batch', owner: 'search', ...A100_PRICE },
      images: IMAGES,
      paths: [dataset('docs', 30, 512), dataset('audio', 48, 512), CHECKPOINTS],
    },
    {
      ...A100_BOX,
      name: 'node-06',
      gpu: { model: 'A100-80GB', count: 4 },
      labels: { rack: 'a2', pool: 'general', owner: 'search', ...A100_PRICE },
      images: IMAGES,
      paths: [CODE, SCANS, CHECKPOINTS],
      gpuHistory: [{ index: 3, correctedVolatile: 47, correctedAggregate: 61, correctedPerHour: 1.46 }],
    },
    {
      ...A100_BOX,
      name: 'node-07',
      gpu: { model: 'A100-80GB', count: 4 },
      labels: { rack: 'a3', pool: 'research', owner: 'vision', ...A100_PRICE },
      images: IMAGES,
      paths: [dataset('imagenet', 32, 4608), dataset('laion', 48, 4096), dataset('preferences', 6, 1024), CHECKPOINTS],
    },
    {
      ...A100_BOX,
      name: 'node-08',
      gpu: { model: 'A100-80GB', count: 2 },
      memoryMib: 256 * 1024,
      labels: { rack: 'a3', pool: 'research', owner: 'vision', ...A100_PRICE },
      images: IMAGES,
      paths: [dataset('evals', 4, 256), dataset('prompts', 2, 256), CHECKPOINTS],
    },
  ] satisfies z.input<typeof scenarioNode>[],
})
