import type { PlannerContext } from '../src/planner/context'

/**
 * What the conversation knows before each turn of the use cases, as the server would have built it:
 * keyed by dialogue and turn. The expected intents and slots stand in dialogues.jsonl.
 */
export const DIALOGUE_CONTEXTS: Readonly<Record<string, readonly (PlannerContext | null)[]>> = {
  'seed-ml-training': [
    null,
    {
      history: [
        { role: 'user', text: 'I need to fine-tune Llama 3 8B' },
        { role: 'assistant', text: 'Workload fine-tune-llama is running on node-01 with 4 GPUs.' },
      ],
      focus: { workload: 'fine-tune-llama', node: 'node-01' },
    },
    {
      history: [{ role: 'assistant', text: 'Created the schedule: a checkpoint to /data/checkpoints every 2 h.' }],
      focus: { workload: 'fine-tune-llama', node: 'node-01' },
    },
    {
      history: [
        { role: 'user', text: 'GPU 2 seems slow' },
        {
          role: 'assistant',
          text: 'GPU 2 is throttling. I recommend to move fine-tune-llama to node-02. Should I migrate?',
        },
      ],
      focus: { workload: 'fine-tune-llama', node: 'node-01', gpu: 2 },
      recommendation: { intent: 'migrate_workload', slots: { workload: 'fine-tune-llama', to_node: 'node-02' } },
    },
  ],
  'seed-inference': [
    null,
    {
      history: [{ role: 'assistant', text: 'mixtral-vllm is healthy at https://mixtral.internal:8000.' }],
      focus: { service: 'mixtral-vllm' },
    },
  ],
  'seed-batch': [
    null,
    {
      history: [
        { role: 'user', text: 'Run this data processing job on every node in the cluster' },
        {
          role: 'assistant',
          text: 'node-01: completed (42s) node-05: failed - out of memory. 4/5 succeeded. Skip or retry with lower batch size?',
        },
      ],
      focus: { batch: 'batch-1' },
    },
  ],
  'seed-monitoring': [
    null,
    {
      history: [
        { role: 'user', text: 'Give me a daily health report' },
        { role: 'assistant', text: 'Recommendation: node-06 GPU 3 should be taken offline for diagnostics.' },
      ],
      recommendation: { intent: 'drain_node', slots: { node: 'node-06', isolate_gpu: 3 } },
    },
  ],
  'seed-molt': [
    null,
    null,
    {
      history: [
        { role: 'user', text: 'Find me cheap H100s for a 4-hour batch job tonight' },
        { role: 'assistant', text: 'I recommend provider-aws-7. Total cost: $38.40 for 4 hours. Place bid?' },
      ],
      recommendation: { intent: 'market_bid', slots: { provider: 'provider-aws-7', gpus: 8, hours: 4 } },
    },
  ],
  'seed-canary': [{ focus: { service: 'mixtral-vllm', new_version: 'v2' } }],
  'seed-incident': [
    null,
    {
      history: [
        {
          role: 'assistant',
          text: 'Fix: restart the workload with gradient checkpointing. Should I restart with --gradient-checkpointing?',
        },
      ],
      recommendation: {
        intent: 'restart_workload',
        slots: { workload: 'fine-tune-7b', flags: ['--gradient-checkpointing'] },
      },
    },
  ],
}

const pending = (intent: string): PlannerContext => ({
  pending_plan: { id: 'plan-12', intent },
  history: [{ role: 'assistant', text: 'I propose this plan.' }],
})

/** Contexts in which the example utterances of an intent are natural; anything else is said without one. */
export const INTENT_CONTEXTS: Readonly<Record<string, PlannerContext>> = {
  approve: pending('migrate_workload'),
  reject: pending('migrate_workload'),
  modify_plan: pending('deploy_training'),
  retry_batch: { focus: { batch: 'batch-1', failed_nodes: ['node-05'] } },
  batch_status: { focus: { batch: 'batch-1' } },
  canary_promote: { focus: { canary: 'canary-1', service: 'chat-api' } },
  canary_pause: { focus: { canary: 'canary-1', service: 'chat-api' } },
  canary_status: { focus: { canary: 'canary-1', service: 'chat-api' } },
  rollback: { focus: { canary: 'canary-1', service: 'chat-api' } },
  market_bid: {
    focus: {
      offers: [
        { provider: 'provider-aws-7', gpus: 8, price: 1.2 },
        { provider: 'provider-lambda-3', gpus: 4, price: 0.95 },
      ],
    },
  },
  share_report: { focus: { report: 'report-1' } },
  explain: { focus: { node: 'node-02' } },
  isolate_gpu: { focus: { gpu: 3, node: 'node-06' } },
  migrate_workload: { focus: { workload: 'train-a', node: 'node-01' } },
}
