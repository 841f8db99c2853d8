import { all } from '../entities/entity'
import type { Filler } from '../slots'
import { nodeAfter } from './node-after'
import { paths } from './paths'

const ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:clean(?:s|ing)?(?: up)?|prune|purge|remove) .*(?:checkpoints?|logs)\b|clean ?up/, 'cleanup'],
  [/\bback(?:s|ing)? ?up\b|\bbackups?\b(?! (?:of|the) checkpoint)/, 'backup'],
  [
    /\bcheckpoint|\bckpt|\bsaves? (?:it(?:self)?\b|\w+-)|\bche?kpo?i|save (?:the )?(?:model|current|its|their)?\s?(?:state|weights)|\bsnapshot|save a checkpoint|saves? (?:it|the model|its state)|losing progress/,
    'checkpoint',
  ],
  [/\bsync|\bcopy\b/, 'sync'],
  [/\brestart/, 'restart'],
  [/\breport\b|\bsummary\b|\bdigest\b/, 'report'],
  [/\beval/, 'evaluate'],
]

function dailyAt(time: string): { cron: string } {
  const [hour, minute] = time.split(':').map(Number)
  return { cron: `${minute ?? 0} ${hour ?? 0} * * *` }
}

/** Batches and what runs by the clock. */
export const batchFillers = {
  run_batch: (s) => {
    const { script, data } = paths(s)
    const nodes = s.nodes()
    return {
      job:
        s.name() ??
        /\b(?:the|this|our|my) (nightly|daily|weekly|etl|preprocessing|cleanup|data processing|conversion|eval(?:uation)?) (?:job|script|container|task)\b/i
          .exec(s.text)?.[1]
          ?.toLowerCase(),
      command:
        s.one('quoted') ??
        (script === undefined ? undefined : /\b(python3? [^\s]+(?: --?[\w=-]+)*)/i.exec(s.text)?.[1]) ??
        /\b(nvidia-smi|nccl-tests)\b/i.exec(s.text)?.[1],
      image: s.one('image'),
      path: script ?? data,
      nodes:
        s.one('allNodes') ??
        (nodes.length > 0
          ? nodes
          : s.has(/\b(?:cluster|fleet|everywhere|all gpus|each node|every node)\b/)
            ? 'all'
            : undefined),
      selector: s.one('gpuType') === undefined ? undefined : { gpu_type: s.one('gpuType') },
      exclude: s.excluded(),
      memory_gb: s.one('memoryGb'),
    }
  },
  retry_batch: (s) => {
    const skip = s.has(/\b(?:skip|ignore|leave (?:\S+ )?out|without|forget about|accept the failure|move on)\b/)
    const named = all(s.entities, 'node').map((entity) => entity.value)
    const { refs } = s.state
    const moved = nodeAfter(s, /\b(?:to|onto|on) $/)
    const other = s.has(/\b(?:instead|move)\b/) ? moved : undefined
    const node =
      named.find((value) => value !== other) ??
      refs.failedNodes[0] ??
      (s.has(/\b(?:nodes|tasks|failures|ones)\b/) ? undefined : refs.node)
    return {
      batch: s.one('batchId') ?? refs.batch,
      node: named.length > 1 || refs.failedNodes.length > 1 ? undefined : node,
      nodes:
        named.length > 1 && other === undefined
          ? named
          : named.length === 0 && refs.failedNodes.length > 1
            ? refs.failedNodes
            : undefined,
      batch_size: s.one('batchSize'),
      batch_size_factor: s.has(/\bhalf the batch|halve the batch|half the size/)
        ? 0.5
        : s.has(/\bquarter of the batch/)
          ? 0.25
          : undefined,
      lower_batch_size:
        (s.one('batchSize') === undefined &&
          s.has(
            /\b(?:lower|smaller|reduced?|less|half|halve|quarter|fewer)\b[^.]{0,20}\b(?:batch|memory|mem)\b|\bsmaller batches\b/,
          )) ||
        undefined,
      to_node: other,
      skip: skip || undefined,
    }
  },
  batch_status: (s) => ({
    batch: s.one('batchId') ?? s.state.refs.batch,
    job: s.name() ?? /\b(nightly|preprocessing|etl|data processing|cleanup)\b/.exec(s.lower)?.[1],
    filter: s.pick([
      [/\bfail/, 'failed'],
      [/\bstill (?:running|working)|what's left\b/, 'running'],
      [/\b(?:finished|done|completed?)\b/, 'finished'],
    ]),
    when: s.one('when'),
    node: s.node('never'),
  }),
  list_schedules: (s) => ({ workload: s.name(), action: s.has(/\bcheckpoint/) ? 'checkpoint' : undefined }),
  schedule_cron: (s) => {
    const action = s.pick(ACTIONS)
    const { script, data, second } = paths(s)
    return {
      action: action ?? (s.name() !== undefined || script !== undefined ? 'run' : undefined),
      schedule: s.one('schedule') ?? (s.one('time') === undefined ? undefined : dailyAt(s.one('time') ?? '00:00')),
      workload: action === 'checkpoint' || action === 'restart' ? s.workload() : s.name(['workload', 'service']),
      job:
        action === 'checkpoint' || action === 'restart'
          ? undefined
          : (s.name(['job', 'batch']) ??
            /\b(?:the|this|our|my) ((?:nightly |daily |weekly )?(?:preprocessing|etl|batch|cleanup|backup|nightly|eval(?:uation)?)) (?:job|script|task|run)\b/i
              .exec(s.text)?.[1]
              ?.toLowerCase()),
      path: script ?? second ?? data,
      update:
        s.has(
          /\b(?:more often|less often|change|instead of|move the|resume|unpause|enable|reactivate|turn .* back on|pause|from now on|interval)\b/,
        ) || undefined,
    }
  },
  schedule_delete: (s) => ({
    // What is removed is the schedule: "remove the checkpoint cron" cleans nothing up.
    action: s.pick(
      ACTIONS.slice(s.has(/^(?:please |can you |could you )*(?:remove|delete|drop|purge|get rid of)\b/) ? 1 : 0),
    ),
    schedule: s.one('schedule'),
    job:
      s.name() ??
      /\b(nightly|hourly|daily|weekly|recurring|morning)(?: \w+)?(?: (?:schedule|job|run|report|backup|cron|cleanup))/.exec(
        s.lower,
      )?.[1],
  }),
} satisfies Record<string, Filler>
