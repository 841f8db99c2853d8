import { hash, pick, seeded } from './random'

/** Sample values for `{slot}` in utterances: only their kind matters, names are not learned. */
export const SLOT_VALUES: Readonly<Record<string, readonly string[]>> = {
  node: ['node-01', 'node-03', 'node 5', 'node-06', 'node02', 'node-04'],
  node2: ['node-02', 'node-07', 'node 8', 'node-05'],
  nodes: ['node-01 and node-03', 'nodes 1 to 4', 'nodes 2, 3 and 5', 'node-02, node-04'],
  gpu: ['gpu 0', 'gpu 2', 'gpu 3', 'card 1', 'GPU 5', 'gpu #4'],
  gpus: ['2 gpus', '4 gpus', 'eight gpus', '16 gpus', '4x A100', '2 H100s', '8 a100s'],
  gputype: ['A100', 'H100', 'h100', 'L40S', 'a100', 'rtx 4090', 'H200'],
  gputypes: ['A100s', 'H100s', 'h100s', 'L40S', 'a100s', '4090s'],
  model: [
    'llama 3 8b',
    'mistral 7b',
    'Mixtral 8x7B',
    'qwen 2.5 14b',
    'gemma 2 9b',
    'falcon 40b',
    'deepseek r1',
    'phi-3',
  ],
  size: ['70b', '13b', '7b', '34B', '405b'],
  workload: ['train-a', 'fine-tune-7b', 'sft-run-2', 'pretrain-web', 'ranker-train', 'llm-sweep'],
  service: ['chat-api', 'mixtral-vllm', 'embed-svc', 'llama-server', 'rerank-api', 'assistant-prod'],
  job: ['nightly-etl', 'clean-data', 'prep-job', 'tokenize-c4', 'dedup-web'],
  canary: ['canary-1', 'canary-7', 'canary-12'],
  path: ['/data/training', '/mnt/data/set1', '/datasets/faq', '/data/sft.jsonl', '/workspace/data'],
  script: ['train.py', '/workspace/train.sh', 'prep.py', 'clean.py', './run.sh'],
  image: ['pytorch/pytorch:2.4', 'registry.local/app:v3', 'ghcr.io/acme/train:latest'],
  port: ['port 8000', 'port 8080', 'port 9000'],
  n: ['2', '3', 'three', '4', 'five', '6'],
  n2: ['8', '10', 'six', '5'],
  lines: ['50', '100', '200', '500'],
  money: ['$1.20', '80 cents', '$0.90', '2 dollars', '$1', '70 cents'],
  price: ['1.20', '0.9', '1.30', '0.75'],
  percent: ['10%', '50 percent', '25%', '5 percent', '80%'],
  duration: ['4 hours', '30 minutes', '2 days', 'six hours', '90 min', '12h'],
  every: [
    'every 2 hours',
    'hourly',
    'every 15 minutes',
    'every night',
    'nightly',
    'every monday at 7',
    'daily at 4am',
    'twice a day',
    'every 30 min',
    'weekly',
  ],
  daily: [
    'every morning',
    'daily at 7am',
    'every monday',
    'each day at noon',
    'every friday',
    'weekly',
    'every evening',
    'on weekdays at 8',
  ],
  window: ['8am-6pm', 'from 6pm to 8am', 'between 10pm and 6am', '9 to 5', 'from 8am until 18:00'],
  time: ['4am', '18:30', 'noon', '7pm'],
  email: ['bob@corp.com', 'ops@acme.io', 'anna@lab.org'],
  channel: ['#ops', '#ml-infra', '#alerts'],
  host: ['chat.internal', 'llm.acme.com', 'https://api.internal', 'models.example.com'],
  version: ['v2', 'v3', 'version 4', 'v1.8', 'v5'],
  provider: ['provider-aws-7', 'provider-lambda-3', 'provider-x', 'coreweave'],
  offer: ['offer-12', 'offer-3', 'listing-7'],
  plan: ['plan-12', 'plan-7', 'plan-104'],
  key: ['HF_TOKEN', 'WANDB_API_KEY', 'DB_PASSWORD', 'S3_SECRET'],
  env: ['MAX_TOKENS=4096', 'LOG_LEVEL=debug', 'NCCL_DEBUG=INFO'],
  flag: ['--gradient-checkpointing', '--bf16', '--resume', '--max-model-len=8192'],
  volume: ['data-vol', 'ckpt-volume', 'scratch-vol', 'datasets-disk'],
  mem: ['200 GB', '500gb', '64 GB'],
  person: ['bob', 'anna', 'maria', 'the new intern', 'jens'],
  role: ['admin', 'viewer', 'operator', 'approver', 'owner'],
  epochs: ['3 epochs', '5 epochs', 'two epochs'],
  runtime: ['vllm', 'tgi', 'sglang', 'triton'],
  when: ['yesterday', 'this morning', 'last night', 'today', 'last week', 'this month'],
}

/** Every reading of a template up to a cap: `(a|b|)` is a choice, `{slot}` a sample value. Deterministic. */
export function expand(template: string, cap: number): string[] {
  const random = seeded(hash(template))
  const total = count(template)
  const out = new Set<string>()
  if (total <= cap) {
    for (const choice of enumerate(template)) out.add(tidy(fill(choice, random)))
    for (let i = 0; i < cap - total && /\{/.test(template) && out.size < Math.min(cap, total * 3); i += 1) {
      out.add(tidy(fill(sample(template, random), random)))
    }
    return [...out]
  }
  for (let i = 0; i < cap * 4 && out.size < cap; i += 1) out.add(tidy(fill(sample(template, random), random)))
  return [...out]
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ([,.?])/g, '$1')
    .trim()
}

function fill(text: string, random: () => number): string {
  return text.replace(/\{(\w+)\}/g, (whole, slot: string) => {
    const values = SLOT_VALUES[slot]
    if (values === undefined) throw new Error(`unknown slot ${whole} in "${text}"`)
    return pick(values, random)
  })
}

const INNERMOST = /\(([^()]*\|[^()]*)\)/

function sample(template: string, random: () => number): string {
  let text = template
  for (let match = INNERMOST.exec(text); match !== null; match = INNERMOST.exec(text)) {
    text =
      text.slice(0, match.index) + pick((match[1] ?? '').split('|'), random) + text.slice(match.index + match[0].length)
  }
  return text
}

function count(template: string): number {
  let text = template
  let total = 1
  for (let match = INNERMOST.exec(text); match !== null; match = INNERMOST.exec(text)) {
    total *= (match[1] ?? '').split('|').length
    text = text.replace(match[0], 'x')
  }
  return total
}

function enumerate(template: string): string[] {
  const match = INNERMOST.exec(template)
  if (match === null) return [template]
  return (match[1] ?? '')
    .split('|')
    .flatMap((choice) =>
      enumerate(template.slice(0, match.index) + choice + template.slice(match.index + match[0].length)),
    )
}
