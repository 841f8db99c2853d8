import { jobSpec, type ScenarioCounter, type ScenarioWorkload, trainingSpec } from './scenario-workload'

/** Images that the simulated nodes hold; the same names are in the node agent's scenario. */
const PYTORCH = 'pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime'
const TOOLS = 'clawbernetes/demo-tools:1'

/**
 * What fleet8 is, for people and for tests: GPUs per node and how many of them the seeded workloads take.
 * The machines themselves are described in the node agent's simulator.
 */
export const fleet8Nodes = [
  { name: 'node-01', gpuModel: 'A100-80GB', gpus: 4, allocated: 0, memoryGib: 512 },
  { name: 'node-02', gpuModel: 'H100-80GB', gpus: 8, allocated: 4, memoryGib: 1024 },
  { name: 'node-03', gpuModel: 'A100-80GB', gpus: 4, allocated: 2, memoryGib: 512 },
  { name: 'node-04', gpuModel: 'A100-80GB', gpus: 4, allocated: 2, memoryGib: 512 },
  { name: 'node-05', gpuModel: 'A100-80GB', gpus: 2, allocated: 2, memoryGib: 16 },
  { name: 'node-06', gpuModel: 'A100-80GB', gpus: 4, allocated: 2, memoryGib: 512 },
  { name: 'node-07', gpuModel: 'A100-80GB', gpus: 4, allocated: 4, memoryGib: 512 },
  { name: 'node-08', gpuModel: 'A100-80GB', gpus: 2, allocated: 2, memoryGib: 256 },
] as const

/** Memory errors of the failing card: 12 a day ago, 47 now (the machine itself reports the 47). */
export const fleet8Counters: readonly ScenarioCounter[] = (['total', 'dram'] as const).flatMap((location) => [
  { node: 'node-06', gpu: 3, kind: 'ecc-corrected', location, scope: 'volatile', hoursAgo: 24, value: 12 },
  { node: 'node-06', gpu: 3, kind: 'ecc-corrected', location, scope: 'aggregate', hoursAgo: 24, value: 26 },
])

const on = (node: string) => ({ nodes: [node] })

const running: ScenarioWorkload[] = [
  {
    name: 'ablation-3b',
    owner: 'maya',
    nodes: ['node-02'],
    spec: trainingSpec({
      name: 'ablation-3b',
      model: 'research/decoder-3b',
      paramsB: 3,
      method: 'full',
      gpus: 4,
      data: '/data/webtext',
      batchSize: 8,
      seqLen: 2048,
      epochs: 1,
      image: PYTORCH,
      placement: on('node-02'),
      startStep: 18_240,
    }),
  },
  {
    name: 'fine-tune-7b',
    owner: 'jonas',
    nodes: ['node-03'],
    spec: trainingSpec({
      name: 'fine-tune-7b',
      model: 'mistralai/Mistral-7B-v0.3',
      paramsB: 7.25,
      method: 'full',
      gpus: 2,
      data: '/data/instruct',
      batchSize: 2,
      seqLen: 2048,
      epochs: 3,
      image: PYTORCH,
      placement: on('node-03'),
      startStep: 6120,
    }),
  },
  {
    name: 'reranker-lora',
    owner: 'priya',
    nodes: ['node-04'],
    spec: trainingSpec({
      name: 'reranker-lora',
      model: 'BAAI/bge-reranker-large',
      paramsB: 0.56,
      method: 'lora',
      gpus: 1,
      data: '/data/pairs',
      batchSize: 32,
      seqLen: 512,
      epochs: 5,
      image: PYTORCH,
      placement: on('node-04'),
      startStep: 3400,
    }),
  },
  {
    name: 'eval-nightly',
    owner: 'priya',
    nodes: ['node-04'],
    spec: jobSpec({
      kind: 'job',
      image: TOOLS,
      command: ['python', 'evaluate.py', '--suite=nightly', '--tasks=/data/pairs'],
      data: '/data/pairs',
      profile: { busy: 0.62, gpuMemoryGib: 38, ramGib: 12, cpus: 3 },
      placement: on('node-04'),
    }),
  },
  {
    name: 'embed-docs',
    owner: 'sam',
    nodes: ['node-05'],
    spec: jobSpec({
      kind: 'batch',
      image: TOOLS,
      command: ['python', 'embed.py', '--input=/data/docs', '--model=bge-large'],
      data: '/data/docs',
      profile: { busy: 0.71, gpuMemoryGib: 14, ramGib: 3, cpus: 2 },
      placement: on('node-05'),
    }),
  },
  {
    name: 'transcribe-calls',
    owner: 'sam',
    nodes: ['node-05'],
    spec: jobSpec({
      kind: 'batch',
      image: TOOLS,
      command: ['python', 'transcribe.py', '--input=/data/audio', '--model=whisper-large-v3'],
      data: '/data/audio',
      profile: { busy: 0.83, gpuMemoryGib: 11, ramGib: 4, cpus: 2 },
      placement: on('node-05'),
    }),
  },
  {
    name: 'code-lora',
    owner: 'maya',
    nodes: ['node-06'],
    spec: trainingSpec({
      name: 'code-lora',
      model: 'meta-llama/Meta-Llama-3-8B',
      paramsB: 8.03,
      method: 'lora',
      gpus: 1,
      data: '/data/code',
      batchSize: 4,
      seqLen: 2048,
      epochs: 2,
      image: PYTORCH,
      placement: { gpuModel: 'A100-80GB' },
      startStep: 2210,
    }),
  },
  {
    name: 'ocr-batch',
    owner: 'sam',
    nodes: ['node-06'],
    spec: jobSpec({
      kind: 'batch',
      image: TOOLS,
      command: ['python', 'ocr.py', '--input=/data/scans'],
      data: '/data/scans',
      profile: { busy: 0.68, gpuMemoryGib: 22, ramGib: 8, cpus: 4 },
      placement: { gpuModel: 'A100-80GB' },
    }),
  },
  {
    name: 'vision-pretrain',
    owner: 'lena',
    nodes: ['node-07'],
    spec: trainingSpec({
      name: 'vision-pretrain',
      model: 'research/vit-l',
      paramsB: 0.304,
      method: 'full',
      gpus: 2,
      data: '/data/imagenet',
      batchSize: 64,
      seqLen: 256,
      epochs: 90,
      image: PYTORCH,
      placement: on('node-07'),
      startStep: 41_800,
    }),
  },
  {
    name: 'diffusion-lora',
    owner: 'lena',
    nodes: ['node-07'],
    spec: trainingSpec({
      name: 'diffusion-lora',
      model: 'stabilityai/stable-diffusion-xl',
      paramsB: 2.6,
      method: 'lora',
      gpus: 2,
      data: '/data/laion',
      batchSize: 4,
      seqLen: 1024,
      epochs: 2,
      image: PYTORCH,
      placement: on('node-07'),
      startStep: 960,
    }),
  },
  {
    name: 'llm-evals',
    owner: 'jonas',
    nodes: ['node-08'],
    spec: jobSpec({
      kind: 'job',
      image: TOOLS,
      command: ['python', 'evaluate.py', '--suite=mmlu,gsm8k', '--tasks=/data/evals'],
      data: '/data/evals',
      profile: { busy: 0.77, gpuMemoryGib: 61, ramGib: 16, cpus: 3 },
      placement: on('node-08'),
    }),
  },
  {
    name: 'synthetic-data',
    owner: 'maya',
    nodes: ['node-08'],
    spec: jobSpec({
      kind: 'batch',
      image: TOOLS,
      command: ['python', 'generate.py', '--prompts=/data/prompts'],
      data: '/data/prompts',
      profile: { busy: 0.9, gpuMemoryGib: 70, ramGib: 10, cpus: 2 },
      placement: on('node-08'),
    }),
  },
]

/** Three that wait although 14 GPUs are free: each asks for a shape that is not. */
const pending: ScenarioWorkload[] = [
  {
    // node-02 has eight H100, four of them taken.
    name: 'pretrain-13b',
    owner: 'maya',
    nodes: null,
    spec: trainingSpec({
      name: 'pretrain-13b',
      model: 'research/decoder-13b',
      paramsB: 13,
      method: 'full',
      gpus: 8,
      data: '/data/webtext',
      batchSize: 2,
      seqLen: 4096,
      epochs: 1,
      image: PYTORCH,
      gradientCheckpointing: true,
      placement: { gpuModel: 'H100-80GB' },
    }),
  },
  {
    // The research pool is node-07 and node-08, both full.
    name: 'dpo-research',
    owner: 'lena',
    nodes: null,
    spec: trainingSpec({
      name: 'dpo-research',
      model: 'mistralai/Mistral-7B-v0.3',
      paramsB: 7.25,
      method: 'full',
      gpus: 4,
      data: '/data/preferences',
      batchSize: 1,
      seqLen: 2048,
      epochs: 1,
      image: PYTORCH,
      placement: { labels: { pool: 'research' }, gpuModel: 'A100-80GB' },
    }),
  },
  {
    name: 'segmentation-sweep',
    owner: 'lena',
    nodes: null,
    spec: trainingSpec({
      name: 'segmentation-sweep',
      model: 'research/sam-vit-h',
      paramsB: 0.63,
      method: 'full',
      gpus: 2,
      data: '/data/imagenet',
      batchSize: 16,
      seqLen: 1024,
      epochs: 20,
      image: PYTORCH,
      placement: { labels: { pool: 'research' } },
    }),
  },
]

/** 12 running on 18 GPUs, 3 waiting. */
export const fleet8Workloads: readonly ScenarioWorkload[] = [...running, ...pending]
