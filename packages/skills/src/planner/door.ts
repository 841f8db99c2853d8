import { z } from 'zod'
import type { Inventory } from './inventory'
import { designedSlots } from './tool-slots'
import { understand } from './understand'
import type { PlannerContext } from './context'

const Named = z.array(z.union([z.string(), z.looseObject({ name: z.string() })])).optional()
const InventorySchema = z.looseObject({
  nodes: Named,
  workloads: Named,
  services: Named,
  batches: Named,
  jobs: Named,
  canaries: Named,
  schedules: Named,
  offers: Named,
  volumes: Named,
  plans: z.unknown().optional(),
})
const Line = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  utterance: z.string(),
  context: z.unknown().optional(),
  inventory: InventorySchema.nullish(),
})

/** One JSON line in, one JSON line out. A line that cannot be read is answered, never dropped. */
export function answerLine(raw: string): string {
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch {
    return JSON.stringify({
      id: null,
      intent: 'clarify',
      slots: {},
      asks_approval: false,
      text: 'This line is not JSON.',
    })
  }
  const parsed = Line.safeParse(value)
  if (!parsed.success) {
    const id = typeof value === 'object' && value !== null && 'id' in value ? (value as { id: unknown }).id : null
    return JSON.stringify({
      id,
      intent: 'clarify',
      slots: {},
      asks_approval: false,
      text: 'This line has no "utterance".',
    })
  }
  const { id, utterance, context, inventory } = parsed.data
  const known = inventory === null || inventory === undefined ? undefined : (inventory as Inventory)
  const read = understand({
    utterance,
    context: (context ?? null) as PlannerContext | null,
    ...(known === undefined ? {} : { inventory: known }),
  })
  return JSON.stringify({
    id: id ?? null,
    intent: read.intent,
    slots: designedSlots(read.intent, read.slots),
    asks_approval: read.asksApproval,
    text: read.text,
  })
}
