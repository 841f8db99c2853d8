import { readSelection, type Selected, spellOut } from '@clawbernetes/skills/planner/selection'
import { type Understanding, understand, type UnderstandInput } from '@clawbernetes/skills/planner/understand'
import { findTool } from '@clawbernetes/skills/registry/registry'
import type { PageContext } from '@clawbernetes/protocol/views/chat'

export interface Reading {
  /** Steps in the order in which they were asked for; of a selection, one for each thing where a tool takes one only. */
  parts: Understanding[]
  /** They are steps of one request, each after the one before. */
  inOrder: boolean
  /** What of the selection is left out, in words. */
  left: string | null
}

const ON_PLANS: ReadonlySet<string> = new Set(['approve', 'reject', 'modify_plan', 'refuse'])
/** A tool that takes one thing is asked about this many of a selection, a change about more than a look. */
const MOST = { read: 4, write: 8 }

/** Reads a sentence together with what was selected on the screen: "drain these" means the selected nodes. */
export function readWithSelection(
  input: UnderstandInput & { inventory: NonNullable<UnderstandInput['inventory']> },
  sent: PageContext['selection'],
): Reading {
  const plain = understand(input)
  const asIs: Reading = {
    parts: plain.parts && plain.parts.length > 0 ? plain.parts : [plain],
    inOrder: plain.intent === 'multi',
    left: null,
  }
  const selected = readSelection(sent, input.inventory)
  // A yes, a no and a change of a waiting plan mean what they mean without a selection.
  if (!selected || ON_PLANS.has(plain.intent)) return asIs
  const spelled = spellOut(input.utterance, selected, input.inventory)
  if (spelled === null) return asIs
  const meant = understand({ ...input, utterance: spelled })
  if (!findTool(meant.intent) || meant.askFor) return findTool(plain.intent) ? asIs : { ...asIs, parts: [meant] }
  const all = spread(meant, selected)
  const most = findTool(meant.intent)?.kind === 'write' ? MOST.write : MOST.read
  const rest = all.length - most
  return {
    parts: all.slice(0, most),
    inOrder: false,
    left: rest > 0 ? `That is for the first ${most} of ${all.length} selected; ask again for the others.` : null,
  }
}

/** The same request for everything selected: with one call where the tool takes several, else one call for each. */
function spread(u: Understanding, selected: Selected): Understanding[] {
  if (selected.kind === 'gpus') return spreadGpus(u, selected.gpus)
  const keys = selected.kind === 'nodes' ? ['nodes', 'node'] : ['workload', 'service']
  const key = keys.find((name) => [u.slots[name]].flat().includes(selected.names[0]))
  return key ? overNames(u, key, selected.names) : [u]
}

function overNames(u: Understanding, key: string, names: readonly string[]): Understanding[] {
  const together = { ...u.slots, [key]: names }
  if (names.length > 1 && findTool(u.intent)?.input.safeParse(together).success) return [{ ...u, slots: together }]
  return names.map((name) => ({ ...u, slots: { ...u.slots, [key]: name } }))
}

function spreadGpus(u: Understanding, gpus: readonly { node: string; gpu: number | null }[]): Understanding[] {
  const nodes = [...new Set(gpus.map((gpu) => gpu.node))]
  const { gpu: _, ...others } = u.slots
  if (u.slots.gpu === undefined || nodes.length === 0)
    return u.slots.nodes ? overNames(u, 'nodes', nodes) : u.slots.node ? overNames(u, 'node', nodes) : [u]
  // Several GPUs of a node are looked at together; what is changed is changed one by one.
  if (findTool(u.intent)?.kind === 'read')
    return nodes.map((node) => {
      const own = gpus.filter((gpu) => gpu.node === node)
      const [only] = own
      return { ...u, slots: { ...others, node, ...(own.length === 1 && only?.gpu != null ? { gpu: only.gpu } : {}) } }
    })
  return gpus.flatMap(({ node, gpu }) => (gpu === null ? [] : [{ ...u, slots: { ...u.slots, node, gpu } }]))
}
