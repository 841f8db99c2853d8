import { all } from '../entities/entity'
import type { SlotInput } from '../slots'

const SCRIPT = /\.(?:py|sh|ipynb)$/

/** The script, and the data that it is about. */
export function paths(s: SlotInput): { script?: string; data?: string; second?: string } {
  const found = all(s.entities, 'path').map((entity) => entity.value)
  const data = found.filter((path) => !SCRIPT.test(path))
  return { script: found.find((path) => SCRIPT.test(path)), data: data[0], second: data[1] }
}
