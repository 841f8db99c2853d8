import { all } from '../entities/entity'
import type { Filler, SlotInput } from '../slots'
import { nodeAfter } from './node-after'
import { paths } from './paths'

const METHODS: readonly (readonly [RegExp, string])[] = [
  [/\bqlora\b/, 'qlora'],
  [/\blora\b/, 'lora'],
  [/\bsft\b|instruction[- ]tun/, 'sft'],
  [/\bdpo\b/, 'dpo'],
  [/\brlhf\b/, 'rlhf'],
  [/\bfull (?:fine-?tun\w*|finetun\w*|parameters?)\b/, 'full'],
  [/\bpre-?train/, 'pretrain'],
  [/\bdistil/, 'distill'],
]
const FRAMEWORKS: readonly (readonly [RegExp, string])[] = [
  [/\btorchrun\b/, 'torchrun'],
  [/\bdeepspeed\b/, 'deepspeed'],
  [/\bfsdp\b/, 'fsdp'],
  [/\bpytorch\b|\btorch\b/, 'pytorch'],
  [/\bjax\b/, 'jax'],
  [/\btensorflow\b/, 'tensorflow'],
  [/\baccelerate\b/, 'accelerate'],
  [/\bmegatron\b/, 'megatron'],
]
const STATUSES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:pending|queued?|waiting|wait|backlog|not starting|hasn't started)\b/, 'pending'],
  [/\bfail(?:ed|ing)?\b|\bcrashed\b/, 'failed'],
  [/\b(?:finished|completed|done|ended)\b/, 'finished'],
  [/\b(?:stopped)\b/, 'stopped'],
  [/\b(?:paused|suspended)\b/, 'paused'],
  [/\b(?:running|active|live|executing)\b/, 'running'],
]
const STATUS_METRICS: readonly (readonly [RegExp, string])[] = [
  [/\blatency|\bp9\d|response time|how fast does|ttft/, 'latency'],
  [
    /throughput|tokens? (?:per|\/) ?s|tokens\/s|samples per|requests per second|request rate|\brps\b|\bqps\b|how fast/,
    'throughput',
  ],
  [/error rate|errors/, 'error_rate'],
  [/\bloss\b/, 'loss'],
  [/\burl\b|address|\breach\b|endpoint (?:url|address)|how can i call/, 'url'],
  [/\beta\b|how much longer|when will|when is .* done/, 'eta'],
  [/how far|progress|epoch|\bstep\b|iteration|along/, 'progress'],
  [/replicas?/, 'replicas'],
  [/memory|vram/, 'memory'],
  [/\bversion\b|\bimage\b/, 'version'],
  [/checkpoint/, 'checkpoint'],
  [/\buptime\b|how long has/, 'uptime'],
  [/kv cache/, 'kv_cache'],
  [/utiliz|how busy/, 'utilization'],
]

function scopeAll(s: SlotInput): string | undefined {
  if (
    s.has(
      /\b(?:finished|completed|old|failed|stopped|dead) (?:jobs?|workloads?|runs?|trainings?|experiments?)|everything that has finished/,
    )
  )
    return s.pick(STATUSES) ?? (s.has(/\bdead\b/) ? 'failed' : 'finished')
  if (s.name() !== undefined) return undefined
  return s.has(/\b(?:all|everything|(?:every|each) (?:workload|job|service|training|run))\b/) ? 'all' : undefined
}

/** Trainings, and what is done to a running workload. */
export const workFillers = {
  deploy_training: (s) => {
    const { script, data } = paths(s)
    return {
      model: s.one('model') ?? (s.one('modelSize') === undefined ? undefined : s.one('modelSize')),
      method: s.pick(METHODS),
      dataset_path: data,
      gpus: s.gpus(),
      gpu_type: s.one('gpuType'),
      node: s.nodeOrNodes('never'),
      framework: s.pick(FRAMEWORKS),
      command: s.one('quoted'),
      path: script,
      image: s.one('image'),
      epochs: s.one('epochs'),
    }
  },
  list_workloads: (s) => ({
    status: s.pick(STATUSES),
    node: s.node('pointing'),
    sort: s.pick([
      [/most (?:gpu )?memory|most vram|by (?:gpu )?memory/, 'memory'],
      [/most gpus|hogging|by gpu|top/, 'gpus'],
      [/longest|by (?:age|runtime)|more than/, 'age'],
    ]),
    explain: s.has(/\bwhy\b|waiting for/) || undefined,
    workload: s.name(['workload', 'service']),
  }),
  workload_status: (s) => {
    const named = s.name()
    const isService =
      named === undefined
        ? s.has(/\b(?:service|endpoint|api|server|deployment|latency|throughput|url|requests?)\b/)
        : s.name(['service']) === named
    return {
      workload: isService ? undefined : (named ?? s.state.refs.workload),
      service: isService ? (named ?? s.state.refs.service) : undefined,
      metric: s.pick(STATUS_METRICS),
    }
  },
  logs: (s) => {
    const named = s.name()
    const isService = named !== undefined && s.name(['service']) === named
    const about = s.state.refs.workload ?? s.state.refs.service
    // "its output" is the workload's, also where the talk knows the node it runs on.
    const pointed = named === undefined && about !== undefined && !s.has(/\b(?:the (?:node|machine|box|host)|there)\b/)
    const node = s.node(pointed ? 'never' : 'pointing')
    const kernel = s.has(/\b(?:kernel|dmesg|journal(?:ctl)?|syslog|system log|driver|xid)\b/)
    const bare = named === undefined && node === undefined
    return {
      workload: isService
        ? undefined
        : (named ??
          (bare && !s.has(/\b(?:server|service|api|endpoint|ingress)\b/) ? s.state.refs.workload : undefined)),
      service: isService
        ? named
        : bare && s.state.refs.workload === undefined
          ? s.state.refs.service
          : bare && s.has(/\b(?:server|service|api|endpoint)\b/)
            ? s.state.refs.service
            : undefined,
      batch: s.one('batchId') ?? (s.has(/\bbatch\b/) ? s.state.refs.batch : undefined),
      node,
      version: s.one('version'),
      lines: s.one('lines'),
      since: s.one('duration') ?? s.one('when'),
      level: s.pick([
        [/\berrors?\b(?! message)/, 'error'],
        [/\bwarnings?\b/, 'warning'],
      ]),
      grep: grepOf(s),
      source: kernel
        ? 'kernel'
        : s.has(/\bingress|access log/)
          ? 'ingress'
          : s.has(/\bstderr\b/)
            ? 'stderr'
            : s.has(/\bstdout\b/)
              ? 'stdout'
              : undefined,
    }
  },
  restart_workload: (s) => ({
    workload: s.workload(),
    flags: flagsOf(s),
    batch_size:
      s.one('batchSize') ??
      (s.has(/\bsmaller batch|lower batch|half the batch|halve the batch/) ? 'smaller' : undefined),
  }),
  resume_workload: (s) => ({
    workload: s.workload(),
    from: s.one('path') ?? (s.has(/\bcheckpoint|saved state\b/) ? 'last_checkpoint' : undefined),
  }),
  migrate_workload: (s) => {
    const nodes = s.nodes()
    const from =
      /\b(?:from|off(?: of)?|away from|out of|of) (?:the )?(node[- ]?\d+)/i.exec(s.text) === null
        ? nodeAfter(s, LEAVES)
        : nodeAfter(s, /\b(?:from|off(?: of)?|away from|out of) $/)
    const to =
      nodeAfter(s, /\b(?:to|onto|on|into|over to|at) (?:the )?$/) ??
      nodes.find((node) => node !== from && nodes.length > 1)
    const everything =
      s.name() === undefined && s.has(/\b(?:everything|all (?:the )?(?:jobs|workloads|work|trainings?)|all of)\b/)
    return {
      workload: everything ? undefined : s.workload(),
      from_node: from ?? (everything && nodes.length > 0 && nodes[0] !== to ? nodes[0] : undefined),
      to_node: to === from ? undefined : to,
      scope: everything
        ? 'all'
        : s.pick([
            [/\b(?:cheaper|cheapest) \w*/, 'cheaper'],
            [/\b(?:leased|rented|spot)\b/, 'leased'],
          ]),
      gpu_type: s.one('gpuType'),
    }
  },
  stop_workload: (s) => {
    const scope = scopeAll(s)
    const batch = s.one('batchId') !== undefined || (s.has(/\bbatch\b/) && s.name() === undefined)
    return {
      workload:
        scope !== undefined
          ? undefined
          : batch
            ? (s.one('batchId') ?? s.state.refs.batch)
            : (s.name() ?? (s.node('never') === undefined ? s.workload() : undefined)),
      kind: batch
        ? 'batch'
        : s.name() === undefined
          ? s.pick([
              [/\btraining\b|\bfine-?tun/, 'training'],
              [/\b(?:service|server|endpoint)\b/, 'service'],
            ])
          : undefined,
      node: s.node('never'),
      scope,
    }
  },
  delete_workload: (s) => ({ workload: scopeAll(s) === undefined ? s.workload() : undefined, scope: scopeAll(s) }),
} satisfies Record<string, Filler>

const LEAVES = /\b(?:leave|vacate|quit) (?:the )?$/

function flagsOf(s: SlotInput): string[] {
  const flags = all(s.entities, 'flag').map((entity) => entity.value)
  if (flags.length > 0) return flags
  if (s.has(/\bgradient[- ]checkpointing\b/)) return ['--gradient-checkpointing']
  if (s.has(/\bmixed precision|\bbf16\b/)) return ['--bf16']
  return []
}

function grepOf(s: SlotInput): string | undefined {
  const quoted = s.one('quoted')
  if (quoted !== undefined) return quoted
  return (
    /\b(?:grep|search|look|find|filter)\b.*\bfor (?:the )?(?:word |errors? )?([\w.]+)/i.exec(s.text)?.[1] ??
    (s.has(/\bgrep (\w+)/) ? /\bgrep (\w+)/i.exec(s.text)?.[1] : s.has(/\boom\b/) ? 'oom' : undefined)
  )
}
