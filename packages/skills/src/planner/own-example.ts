import type { State } from './context'
import { all } from './entities/entity'
import { scanEntities } from './entities/scan'
import { EXAMPLE_OF } from './examples'
import { type InventoryIndex, guessKind } from './inventory'
import { isTool } from './tools-table'

const NODE = /\bnode-\d+\b/
const WORKLOAD = /\bfine-tune-7b\b/
const SERVICE = /\bchat-api\b/

/**
 * A sentence for a tool that the person may have meant, about what they named or look at. The example's own names are never sent
 * for things that exist by chance or not at all: without a name of theirs there is no such button.
 */
export function ownExample(tool: string, text: string, state: State, index: InventoryIndex): string | undefined {
  if (!isTool(tool)) return undefined
  const entities = scanEntities(text, index)
  const names = all(entities, 'name').map((entity) => entity.value)
  const ofKind = (kinds: readonly string[]) => names.find((name) => kinds.includes(guessKind(name, index)))
  const node = all(entities, 'node').find((entity) => entity.unknown !== true)?.value ?? state.refs.node
  const service = ofKind(['service']) ?? state.refs.service
  const workload = ofKind(['workload', 'service', 'batch', 'job']) ?? state.refs.workload ?? service
  let example: string | undefined = EXAMPLE_OF[tool]
  for (const [pattern, own] of [
    [NODE, node],
    [WORKLOAD, workload],
    [SERVICE, service],
  ] as const) {
    if (example === undefined || !pattern.test(example)) continue
    example = own === undefined ? undefined : example.replace(pattern, own)
  }
  return example
}
