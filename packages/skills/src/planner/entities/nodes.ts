import type { InventoryIndex } from '../inventory'
import { type Candidate, candidate } from './entity'

const WORD = '(?:nodes?|noed|ndoe|nod|nde|machines?|boxe?s?|hosts?|knoten)'
const ONE = new RegExp(
  `\\b${WORD}(?:[ ]?(?:number|no\\.?|nr\\.?))?[ _-]?#?0*(\\d{1,4})\\b(?!\\s?(?:gb|gpus?|%|x\\b|h100|a100))`,
  'gi',
)
const LIST = new RegExp(
  `\\b${WORD}[ _-]?#?(\\d{1,4})((?:\\s?(?:,|and|&|\\+|or|to|through|thru|-|\\.\\.|until|,? and)\\s?(?:${WORD}[ _-]?)?#?\\d{1,4})+)\\b(?! (?:gpus?|replicas?|hours?|minutes?|%))`,
  'gi',
)
const ALL =
  /\b(?:on |across |over |to |for )?(?:(?:all|every|each)(?: (?:one )?of)?(?: the| our| my)?(?: single)?(?: available| healthy| online)? (?:nodes?|machines?|hosts?|boxe?s?|servers?)(?: (?:in|of|across) (?:the |our |my )?(?:cluster|fleet))?|(?:the |our |my )?(?:whole|entire|full|complete) (?:cluster|fleet|farm)|(?:across|over|throughout) (?:the |our |my )?(?:cluster|fleet)|everywhere|all nodes|nodes? all)\b/gi

/** Node mentions: names from the inventory, "node 3", lists and ranges, and "every node". */
export function scanNodes(text: string, index: InventoryIndex): Candidate[] {
  const found: Candidate[] = []
  for (const match of text.matchAll(LIST)) {
    const numbers = expandList(match[0])
    if (numbers.length < 2) continue
    const nodes = numbers.map((n) => nodeNumber(n, index))
    const entity = candidate(
      'nodes',
      nodes.map((node) => node.name),
      match.index,
      match[0],
      96,
    )
    found.push(nodes.some((node) => !node.known) ? { ...entity, unknown: true } : entity)
  }
  for (const match of text.matchAll(ONE)) {
    const node = nodeNumber(Number(match[1]), index)
    const entity = candidate('node', node.name, match.index, match[0], 95)
    found.push(node.known ? entity : { ...entity, unknown: true })
  }
  for (const match of text.matchAll(ALL)) found.push(candidate('allNodes', 'all', match.index, match[0], 50))
  // Names that are not of the node-NN shape ("gpu-box-a"): one lookup per token, however large the fleet is.
  for (const match of text.matchAll(/[a-z0-9][\w.-]*[a-z0-9]/gi)) {
    const name = index.nodeByName.get(match[0].toLowerCase())
    if (name !== undefined) found.push(candidate('node', name, match.index, match[0], 97))
  }
  return found
}

function nodeNumber(number: number, index: InventoryIndex): { name: string; known: boolean } {
  const padded = `node-${String(number).padStart(2, '0')}`
  const name = index.nodeByName.get(padded) ?? index.nodeByName.get(`node-${number}`) ?? index.nodeByNumber.get(number)
  return name === undefined ? { name: padded, known: false } : { name, known: true }
}

/** "nodes 1-3, 5" as [1, 2, 3, 5]; a range is capped at the size of a large fleet. */
function expandList(text: string): number[] {
  const numbers: number[] = []
  const tokens =
    text.toLowerCase().match(/\d+|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\.\.|-(?=\s?\d)|,|\band\b|&|\bor\b/g) ?? []
  let ranging = false
  let seen = false
  for (const token of tokens) {
    if (/^\d+$/.test(token)) {
      const value = Number(token)
      const last = numbers.at(-1)
      if (ranging && last !== undefined && value > last && value - last <= 1_000) {
        for (let n = last + 1; n <= value; n += 1) numbers.push(n)
      } else numbers.push(value)
      ranging = false
      seen = true
    } else if (/^(?:to|through|thru|until|\.\.)$/.test(token)) ranging = true
    else if (token === '-') ranging = seen && isRangeDash(text)
    else ranging = false
  }
  return [...new Set(numbers)]
}

/** In "nodes 1-4" the dash is a range; in "node-01, node-03" it is part of a name. */
function isRangeDash(text: string): boolean {
  return /\d\s?-\s?(?:node-)?\d/i.test(text)
}

const EXCLUDE =
  /\b(?:except(?: for)?|excluding|exclude|without|other than|apart from|besides|but not|not on|skip(?:ping)?|leave out|leaving out|minus)\b(?: on)?[^.;]*$/i

/** The nodes that a sentence leaves out ("all nodes except node-02"): mentions after an excluding word. */
export function excludedNodes(
  text: string,
  nodeEntities: readonly { start: number; value: string | readonly string[] }[],
): string[] {
  const match = EXCLUDE.exec(text)
  if (match === null) return []
  return nodeEntities.filter((entity) => entity.start >= match.index).flatMap((entity) => entity.value)
}
