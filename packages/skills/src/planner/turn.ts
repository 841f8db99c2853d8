import planner from '../generated/planner-model.json'
import type { State } from './context'
import type { Entity } from './entities/entity'
import { delexicalise, scanEntities } from './entities/scan'
import type { InventoryIndex } from './inventory'
import { type Model, type ModelFile, openModel } from './model'
import { tokenise } from './words'

/** One sentence of a person, read: its text, its mentions, and the words with mentions replaced. */
export interface Turn {
  text: string
  entities: readonly Entity[]
  delexicalised: string
  tokens: readonly string[]
  /** The tokens as one line, the form in which dialogue acts are read. */
  line: string
  state: State
  index: InventoryIndex
}

let opened: Model | undefined

/** The trained classifier, opened at its first use. */
export function model(): Model {
  opened ??= openModel(planner as ModelFile)
  return opened
}

/** Plain words only: what stands in a path, a name, a flag or between quotes is somebody's own spelling. */
const PLAIN_WORD = /(?<![\w./@#:=$'"`-])[A-Za-z]?[a-z]{3,}(?![\w/@#:=`"]|[.-]\w)/g

/** The sentence with slips of the finger mended, so that "evry 4 horus" is a schedule too. */
function mend(text: string, index: InventoryIndex): string {
  if (/[`"]/.test(text)) return text
  const mentions = scanEntities(text, index)
  return text.replace(PLAIN_WORD, (word, at: number) => {
    if (mentions.some((entity) => at < entity.end && entity.start < at + word.length)) return word
    const plain = word.toLowerCase()
    // "dont" is a contraction without its mark, no slip of "done".
    if (tokenise(plain).join(' ') !== plain) return word
    if (index.names.has(plain) || index.nodeByName.has(plain)) return word
    return model().correct(plain) === plain ? word : model().correct(plain)
  })
}

export function readTurn(raw: string, state: State, index: InventoryIndex): Turn {
  const text = mend(raw, index)
  const entities = scanEntities(text, index)
  const delexicalised = delexicalise(text, entities)
  const tokens = tokenise(delexicalised)
  return { text, entities, delexicalised, tokens, line: tokens.join(' '), state, index }
}

/** True where the sentence is nothing but a value: "node-04", "on node-04?", "8 of them". */
export function isBareValue(turn: Turn): boolean {
  const words = turn.tokens.filter(
    (token) =>
      !/^(?:\?|and|or|the|on|in|to|for|with|at|of|it|is|a|an|please|use|just|maybe|also|then|ok|so|from|by|them|one|my|our|node|nodes|gpu|gpus|workload|service|model|called|named|i|mean|meant|think|would|say|that|should|be|card|replicas?|copies)$/.test(
        token,
      ),
  )
  return (
    turn.entities.length > 0 && words.length > 0 && words.every((word) => word.startsWith('zz') || /^\d+$/.test(word))
  )
}

const before = new WeakMap<State, Turn>()

/** What the person said before this, read by itself. Several rules ask for it: it is read once for a talk. */
export function turnBefore({ state, index }: Turn): Turn {
  const known = before.get(state)
  if (known !== undefined) return known
  const turn = readTurn(state.lastUser, { ...state, history: [] }, index)
  before.set(state, turn)
  return turn
}
