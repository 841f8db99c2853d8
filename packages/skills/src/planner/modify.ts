import { all, first } from './entities/entity'
import { compact, SlotInput, type Slots } from './slots'
import { excludedNodes } from './entities/nodes'
import type { Turn } from './turn'

/** What a person wants to be different about the plan that waits. The planner makes a new revision of it. */
export function modificationSlots(turn: Turn): Slots {
  const { entities, text } = turn
  const input = new SlotInput(text, entities, turn.state, turn.index)
  const nodeMentions = entities.flatMap((entity) =>
    entity.kind === 'node' || entity.kind === 'nodes' ? [{ start: entity.start, value: entity.value }] : [],
  )
  const not =
    /\b(?:don'?t (?:use|touch)|not (?:on|node)|avoid|keep .* out|out of it|leave .* out|skip|exclude|without)\b/i.test(
      text,
    )
  const excluded = not ? nodeMentions.flatMap((mention) => mention.value) : excludedNodes(text, nodeMentions)
  const nodes = input.nodes().filter((node) => !excluded.includes(node))
  const number = first(entities, 'number')
  const subject =
    /\b(gpus?|replicas?|nodes?|port|price|percent|epochs?|hours?|copies|instances?)\b/i
      .exec(text)?.[1]
      ?.toLowerCase() ?? ''
  return compact({
    plan: turn.state.pending.length === 1 ? turn.state.pending[0]?.id : first(entities, 'planId'),
    node: nodes.length === 1 ? nodes[0] : undefined,
    nodes: nodes.length > 1 ? nodes : undefined,
    exclude: excluded,
    gpus: first(entities, 'gpuCount') ?? (/^gpu/.test(subject) ? number : undefined),
    gpu: first(entities, 'gpu'),
    gpu_type: first(entities, 'gpuType'),
    replicas: first(entities, 'replicas') ?? (/^(?:replica|cop|instance)/.test(subject) ? number : undefined),
    port: first(entities, 'port') ?? (subject === 'port' ? number : undefined),
    percent: first(entities, 'percent'),
    price: first(entities, 'money') ?? (subject === 'price' ? number : undefined),
    duration: first(entities, 'duration'),
    window: first(entities, 'window'),
    schedule: first(entities, 'schedule'),
    at: first(entities, 'time') ?? first(entities, 'when'),
    model: first(entities, 'model'),
    image: first(entities, 'image'),
    path: first(entities, 'path'),
    version: first(entities, 'version'),
    hostname: input.hostname(),
    name: first(entities, 'name'),
    batch_size: first(entities, 'batchSize'),
    flags: all(entities, 'flag').map((entity) => entity.value),
    value: subject === '' && first(entities, 'gpuCount') === undefined ? number : undefined,
  })
}

const FORM =
  /\b(?:instead|rather than|rather)\b|^(?:(?:no|ok|okay|actually|sorry|hm+|please|but|and|yes) )*(?:make (?:it|that|the)|change (?:it|the|that)|use|with|only|same but|the same but|but|start (?:at|with)|exclude|leave out|keep zz\w+ out|swap|switch (?:it|the|to)|put it on|on|set it to|call it|name it|add zzflag|include|also include|i meant?|i would (?:rather|prefer)|rather|not (?:on|node|zz\w+|the)|begin with|let us (?:use|do|make)|do it (?:at|on|with|tonight|tomorrow|in)|wait until|reduce|increase|lower|raise|limit|cap|skip|without|drop|take|how about|what about|could we (?:use|do|make)|can (?:we|you) (?:use|make|do)|adjust|edit|modify|double|halve|cheaper|different|another|fewer|more|less|give it|go with|try|replace|everything the same|all the same|zzpct first|zznum)\b/

/** True where a sentence has the form of a change to a plan that waits. */
export function isModification(turn: Turn): boolean {
  return FORM.test(turn.line)
}
