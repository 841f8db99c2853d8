import { all } from './entities/entity'
import { scanEntities } from './entities/scan'
import { indexInventory, type Inventory } from './inventory'
import { normalise } from './normalise'

/** What a person selected on a screen and sent along. Its items are data: names that are looked up, never words that are read. */
export interface SentSelection {
  kind: string
  items: readonly string[]
}

/** The things of a selection that exist. */
export type Selected =
  | { kind: 'nodes'; names: string[] }
  | { kind: 'workloads'; names: string[] }
  /** gpu null: all of the node. */
  | { kind: 'gpus'; gpus: { node: string; gpu: number | null }[] }

const SOME_GPUS = /^GPU (\d{1,3}(?:, \d{1,3})*) of (\S{1,63})$/
const ALL_GPUS = /^(\S{1,63}), all \d{1,3} GPUs$/

/** null: it holds nothing that a request could be about, as log lines and charts, or nothing that exists. */
export function readSelection(sent: SentSelection | undefined, inventory: Inventory): Selected | null {
  if (!sent) return null
  const index = indexInventory(inventory)
  if (sent.kind === 'nodes') {
    const names = sent.items.filter((name) => index.nodeByName.has(name.toLowerCase()))
    return names.length > 0 ? { kind: 'nodes', names: [...new Set(names)] } : null
  }
  if (sent.kind === 'workloads') {
    const names = sent.items.filter((name) => index.names.has(name.toLowerCase()))
    return names.length > 0 ? { kind: 'workloads', names: [...new Set(names)] } : null
  }
  if (sent.kind !== 'gpus') return null
  const gpus = sent.items.flatMap(readGpus).filter(({ node }) => index.nodeByName.has(node))
  return gpus.length > 0 ? { kind: 'gpus', gpus } : null
}

function readGpus(item: string): { node: string; gpu: number | null }[] {
  const whole = ALL_GPUS.exec(item)?.[1]
  if (whole !== undefined) return [{ node: whole, gpu: null }]
  const some = SOME_GPUS.exec(item)
  const [list, node] = [some?.[1], some?.[2]]
  return list !== undefined && node !== undefined ? list.split(', ').map((gpu) => ({ node, gpu: Number(gpu) })) : []
}

const KIND_WORDS =
  '(?:nodes?|machines?|servers?|hosts?|boxes|workloads?|jobs?|trainings?|services?|gpus?|cards?|ones?|things?|selection)'
const SEVERAL = new RegExp(
  `\\b(?:all (?:of )?)?(?:these|those|them|the selected|my selection|the selection)(?: \\d+)?(?: (?:selected )?${KIND_WORDS}\\b)?`,
  'i',
)
const ONE = new RegExp(`\\bthis(?: (?:selected )?${KIND_WORDS}\\b)?(?! (?:plan|card|change|proposal|report)\\b)`, 'i')

/**
 * The sentence with the words that point at the selection replaced by names from it (two where there are several: that is enough to
 * be read as several). null: the sentence does not point at it, or names other things of the kind itself.
 */
export function spellOut(utterance: string, selected: Selected, inventory: Inventory): string | null {
  const text = normalise(utterance)
  if (namesAllOf(text, selected)) return text
  if (namesOthers(text, selected, inventory)) return null
  const pointing = SEVERAL.exec(text) ?? ONE.exec(text)
  if (!pointing) return null
  return `${text.slice(0, pointing.index)}${shortly(selected)}${text.slice(pointing.index + pointing[0].length)}`
}

function shortly(selected: Selected): string {
  if (selected.kind === 'nodes') return selected.names.slice(0, 2).join(' and ')
  if (selected.kind === 'workloads') return selected.names[0] ?? ''
  const [first] = selected.gpus
  if (!first) return ''
  return first.gpu === null ? first.node : `GPU ${first.gpu} on ${first.node}`
}

/** "How are a and b doing?": the screens write some names out. */
const namesAllOf = (text: string, selected: Selected): boolean =>
  selected.kind !== 'gpus' &&
  selected.names.length > 1 &&
  selected.names.every((name) =>
    ` ${text.toLowerCase().replace(/[^a-z0-9.-]+/g, ' ')} `.includes(` ${name.toLowerCase()} `),
  )

function namesOthers(text: string, selected: Selected, inventory: Inventory): boolean {
  const entities = scanEntities(text, indexInventory(inventory))
  if (selected.kind === 'workloads') return all(entities, 'name').length > 0
  // "move these to node-03": a node may be named beside workloads; beside nodes and their GPUs it is what is meant.
  return entities.some((entity) => entity.kind === 'node' || entity.kind === 'nodes' || entity.kind === 'gpu')
}
