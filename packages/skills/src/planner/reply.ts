import type { InventoryIndex } from './inventory'
import { isChange, isTool, QUESTIONS, toolRow } from './tools-table'
import type { Slots } from './slots'

const MAX_VALUE_CHARS = 80

/** "drain a node (node: node-03)" */
export function describe(intent: string, slots: Slots): string {
  if (!isTool(intent)) return intent.replace(/_/g, ' ')
  const parts = Object.entries(slots).map(([key, value]) => `${key.replace(/_/g, ' ')}: ${show(value)}`)
  return parts.length === 0 ? toolRow(intent).does : `${toolRow(intent).does} (${parts.join(', ')})`
}

export function understood(intent: string, slots: Slots): string {
  const what = describe(intent, slots)
  if (!isChange(intent)) return `I understood: ${what}.`
  return `I understood: ${what}. I propose a plan; nothing changes before it is approved.`
}

export function question(slot: string, choices: readonly string[] = []): string {
  const asked = QUESTIONS[slot] ?? `Which ${slot.replace(/_/g, ' ')}?`
  return choices.length === 0
    ? asked
    : `${asked} ${list(choices.slice(0, 6))}${choices.length > 6 ? `, and ${choices.length - 6} more` : ''}.`
}

export function declined(nearest: readonly string[]): string {
  const can = nearest.flatMap((name) => (isTool(name) ? [toolRow(name).does] : []))
  const tail = can.length === 0 ? '' : ` The nearest things I can do: ${list(can)}.`
  return `I can't do that without a language model.${tail} An administrator can connect one in Settings.`
}

export function unsureText(nearest: readonly string[]): string {
  const can = nearest.flatMap((name) => (isTool(name) ? [toolRow(name).does] : []))
  if (can.length === 0) return 'I am not sure what you mean. Which node, workload or plan is it about?'
  return `I am not sure what you mean. Shall I ${list(can, 'or')}?`
}

/** For a sentence that has the form of a question and the words of a change. */
export function questionOrPlan(near: readonly string[]): string {
  const change = near.find((name) => isChange(name))
  const look = near.find((name) => isTool(name) && !isChange(name))
  if (change === undefined || !isTool(change)) return unsureText(near)
  const shall = `Shall I propose to ${toolRow(change).does}`
  return look !== undefined && isTool(look)
    ? `Is that a question? ${shall}, or ${toolRow(look).does}?`
    : `Is that a question? ${shall}?`
}

export function unknownNode(name: string, index: InventoryIndex): string {
  const { nodes } = index
  const known =
    nodes.length === 0
      ? 'there are no nodes yet'
      : nodes.length <= 3
        ? `nodes are ${list(nodes)}`
        : `nodes are ${nodes[0]} to ${nodes.at(-1)}`
  return `I see no ${name}; ${known}.`
}

export function list(items: readonly string[], joint = 'and'): string {
  if (items.length <= 1) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} ${joint} ${items.at(-1)}`
}

/** rack=b; node-03 and node-04 */
function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return list(value.map(plain))
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, one]) => `${key}=${plain(one)}`)
    .join(', ')
}

function show(value: unknown): string {
  const text = plain(value)
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : text
}
