import { fleet8 } from './fleet8'
import type { Scenario } from './scenario'
import { scale } from './scale'

const NAMED: Readonly<Record<string, Scenario>> = { fleet8 }

export class UnknownScenarioError extends Error {}

/** The scenario of that name; `nodes` makes a synthetic fleet of that size instead. */
export function findScenario(name: string, nodes: number | null): Scenario {
  if (nodes !== null) return scale(nodes)
  const found = NAMED[name]
  if (!found) throw new UnknownScenarioError(`There is no scenario "${name}". Known: ${Object.keys(NAMED).join(', ')}.`)
  return found
}
