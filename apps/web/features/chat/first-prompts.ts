import type { NodeListItem } from '@clawbernetes/protocol/views/node'

type Known = Pick<NodeListItem, 'name' | 'condition' | 'gpusTotal' | 'demo'>

const SICK: readonly NodeListItem['condition'][] = ['critical', 'degraded']
const NO_NODES = ['How do I connect a node?', 'What can you do?', 'What is a plan?']

/** Sentences that this fleet can answer: nothing is offered that would only be declined. */
export function promptsFor(nodes: readonly Known[]): string[] {
  if (nodes.length === 0) return NO_NODES
  const sick = nodes.find((node) => SICK.includes(node.condition))
  const gpus = nodes.reduce((sum, node) => sum + node.gpusTotal, 0)
  return [
    'What needs my attention?',
    ...(sick ? [`How is ${sick.name} doing?`] : []),
    'What is running?',
    ...(gpus > 0 ? ['Which GPUs are free right now?'] : []),
    // The demo fleet holds this data; elsewhere the agent would have to ask where it is.
    ...(nodes.some((node) => node.demo)
      ? ['I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.']
      : []),
    'Give me a daily health report',
  ]
}
