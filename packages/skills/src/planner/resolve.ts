import { all } from './entities/entity'
import { type InventoryIndex, type NameKind } from './inventory'
import { ROLES } from '@clawbernetes/protocol/permissions'
import { question, understood, unknownNode } from './reply'
import type { Slots } from './slots'
import { distance } from './spell'
import { isChange, type ToolName, toolRow } from './tools-table'
import type { Turn } from './turn'
import type { Option, Understanding } from './understand'

// Tools that name something new, or whose words only happen to look like names.
const NAMES_NEW = new Set<string>([
  'deploy_training',
  'deploy_inference',
  'create_volume',
  'secret_create',
  'schedule_cron',
  'run_batch',
  'help',
  'explain',
  'label_node',
  'create_api_key',
  'invite_member',
  'set_role',
  'audit_query',
  'list_plans',
  'cost_report',
  'incident_investigate',
  'market_bid',
  'market_search',
  'set_config',
  'set_alert',
])

/** Holds a reading against the inventory and completes it: unknown names and missing slots become questions. */
export function finish(
  intent: ToolName,
  slots: Slots,
  p: number,
  turn: Turn,
  nearest: readonly string[],
): Understanding {
  const strange = all(turn.entities, 'node')
    .concat(all(turn.entities, 'nodes') as never)
    .find((entity) => entity.unknown === true)
  if (strange !== undefined && intent !== 'help') {
    const name = Array.isArray(strange.value)
      ? ((strange.value as readonly string[]).find((node) => !turn.index.nodeByName.has(node)) ?? '')
      : strange.value
    return {
      intent: 'clarify',
      slots: {},
      confidence: p,
      asksApproval: false,
      text: unknownNode(name, turn.index),
      nearest: [intent],
      options: asOptions(nearestNames(name, turn.index.nodes)),
      askFor: 'node',
      asking: { intent, slots: without(slots, 'node'), slot: 'node' },
    }
  }
  const unknown = unknownName(intent, slots, turn.index)
  if (unknown !== undefined) {
    const text = `I see no ${unknown.slot} ${unknown.name}. ${question(unknown.slot, unknown.choices)}`
    return {
      intent: 'clarify',
      slots: {},
      confidence: p,
      asksApproval: false,
      text,
      nearest: [intent],
      options: asOptions(unknown.choices),
      askFor: unknown.slot,
      asking: { intent, slots: without(slots, unknown.slot), slot: unknown.slot },
    }
  }
  const missing = missingSlot(intent, slots)
  const base: Understanding = {
    intent,
    slots,
    confidence: p,
    asksApproval: isChange(intent),
    text: understood(intent, slots),
    nearest: [...nearest],
  }
  if (missing === undefined) return base
  const choices = choicesFor(missing, turn.index)
  return {
    ...base,
    text: `${understood(intent, slots).split('. ')[0]}. ${question(missing, choices)}`,
    options: asOptions(missing === 'role' ? ROLES : missing === 'gpu' ? [] : choices),
    askFor: missing,
    asking: { intent, slots, slot: missing },
  }
}

/** As many as a chat can show as buttons. */
const MOST_OPTIONS = 8

/** A bare value answers the question that was asked. */
const asOptions = (values: readonly string[]): Option[] =>
  values.slice(0, MOST_OPTIONS).map((value) => ({ label: value, send: value }))

/** Those that could have been meant first; all of a small fleet, none of a large one without a likeness. */
function nearestNames(name: string, names: readonly string[]): readonly string[] {
  const near = names.filter((other) => distance(other.toLowerCase(), name.toLowerCase(), 2) <= 2)
  return names.length <= MOST_OPTIONS ? names : near
}

function missingSlot(intent: ToolName, slots: Slots): string | undefined {
  const group = toolRow(intent).needs?.find((names) => names.every((name) => slots[name] === undefined))
  return group?.[0]
}

function choicesFor(slot: string, index: InventoryIndex): readonly string[] {
  switch (slot) {
    case 'node':
      return index.nodes.length <= 12 ? index.nodes : []
    case 'workload':
      return [...index.byKind.workload, ...index.byKind.service]
    case 'service':
      return index.byKind.service
    case 'volume':
      return index.byKind.volume
    default:
      return []
  }
}

/** A name that the caller's inventory does not hold, with the nearest ones that it does. */
function unknownName(
  intent: ToolName,
  slots: Slots,
  index: InventoryIndex,
): { slot: string; name: string; choices: readonly string[] } | undefined {
  if (!index.given || NAMES_NEW.has(intent)) return undefined
  for (const slot of ['workload', 'service', 'volume'] as const) {
    const name = slots[slot]
    if (typeof name !== 'string') continue
    const pool =
      slot === 'workload' || slot === 'service'
        ? [
            ...index.byKind.workload,
            ...index.byKind.service,
            ...index.byKind.batch,
            ...index.byKind.job,
            ...index.byKind.canary,
          ]
        : index.byKind[slot satisfies NameKind]
    if (pool.length === 0 || index.names.has(name.toLowerCase())) continue
    const near = pool.filter((other) => distance(other.toLowerCase(), name, 2) <= 2 || other.includes(name))
    return { slot, name, choices: near.length > 0 ? near : pool }
  }
  return undefined
}

function without(slots: Slots, key: string): Slots {
  return Object.fromEntries(Object.entries(slots).filter(([name]) => name !== key))
}
