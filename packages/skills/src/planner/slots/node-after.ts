import { all } from '../entities/entity'
import type { SlotInput } from '../slots'

/** The node behind a preposition: "to node-02", "from node-01". */
export function nodeAfter(s: SlotInput, before: RegExp): string | undefined {
  return all(s.entities, 'node').find((entity) =>
    before.test(`${s.text.slice(Math.max(0, entity.start - 16), entity.start).toLowerCase()}`),
  )?.value
}
