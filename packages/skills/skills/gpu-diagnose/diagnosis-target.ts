import { listFindings } from '@clawbernetes/services/diagnosis/list-findings'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import type { ToolContext } from '../../src/registry/define-tool'

/** One node, and one GPU of it or those of one workload; or what must be asked first. */
type Target =
  | { nodeId: string; gpu: number | undefined; workload?: string }
  | { ask: string; options: { label: string; send: string }[] }

interface Args {
  node?: string | undefined
  gpu?: number | undefined
  workload?: string | undefined
}

/** The node and GPU that are meant: named, in focus, the only one with a finding; else a question. */
export async function findTarget(args: Args, { ctx, turn }: ToolContext): Promise<Target> {
  if (args.workload && !args.node) {
    const held = await gpusOf(args.workload, ctx)
    if (held) return held
  }
  const nodes = await listNodes({ ctx })
  const name = args.node ?? turn.focus.node
  const gpu = args.gpu ?? (args.node ? undefined : turn.focus.gpu)
  if (name) {
    const node = nodes.find((n) => n.name === name)
    if (node) return { nodeId: node.id, gpu }
    return {
      ask: `I see no ${name}; nodes are ${nodes.map((n) => n.name).join(', ') || 'not connected yet'}.`,
      options: [],
    }
  }
  const suspects = (await listFindings({ ctx })).filter(
    (f) => f.gpuId !== null && f.severity !== 'info' && (gpu === undefined || f.gpuIndex === gpu),
  )
  const places = [...new Set(suspects.map((f) => f.nodeId))]
  const only = places.length === 1 ? places[0] : undefined
  if (only)
    return { nodeId: only, gpu: gpu ?? (suspects.length === 1 ? (suspects[0]?.gpuIndex ?? undefined) : undefined) }
  const choices =
    places.length > 1 ? nodes.filter((n) => places.includes(n.id)) : nodes.filter((n) => n.gpusTotal > (gpu ?? 0))
  const sole = choices.length === 1 ? choices[0] : undefined
  if (sole) return { nodeId: sole.id, gpu }
  if (choices.length === 0) return { ask: 'No node has such a GPU.', options: [] }
  const what = gpu === undefined ? 'the GPUs' : `GPU ${gpu}`
  return {
    ask: `${what.charAt(0).toUpperCase()}${what.slice(1)} of which node? ${places.length > 1 ? 'These have open findings' : 'I see no open finding that would tell'}.`,
    options: choices.slice(0, 8).map((n) => ({ label: n.name, send: `diagnose ${what} on ${n.name}` })),
  }
}

/** Where the GPUs of a workload are; null where there is no such workload, so that the rest of the sentence decides. */
async function gpusOf(name: string, ctx: ToolContext['ctx']): Promise<Target | null> {
  const workload = (await liveWorkloads({ ctx, input: { names: [name] } })).find((w) => w.name === name)
  if (!workload) return null
  const [first] = workload.nodes
  if (!first || workload.gpus.length === 0)
    return { ask: `${name} holds no GPU now: it is ${workload.status}.`, options: [] }
  if (workload.nodes.length === 1) return { nodeId: first.id, gpu: undefined, workload: name }
  return {
    ask: `${name} runs on ${workload.nodes.length} nodes. Which one?`,
    options: workload.nodes.slice(0, 8).map((n) => ({ label: n.name, send: `diagnose the GPUs on ${n.name}` })),
  }
}
