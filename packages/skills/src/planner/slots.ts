import { all, type Entity, type EntityKind, type EntityValues, first } from './entities/entity'
import { excludedNodes } from './entities/nodes'
import type { State } from './context'
import { guessKind, type InventoryIndex } from './inventory'
import { clusterFillers } from './slots/cluster'
import { dataFillers } from './slots/data'
import { marketFillers } from './slots/market'
import { servingFillers } from './slots/serving'
import { workFillers } from './slots/work'
import { batchFillers } from './slots/batch'
import type { ToolName } from './tools-table'

export type Slots = Record<string, unknown>

/** What a slot filler reads from: the sentence, its mentions, and what the talk is about. */
export class SlotInput {
  readonly lower: string

  constructor(
    readonly text: string,
    readonly entities: readonly Entity[],
    readonly state: State,
    readonly index: InventoryIndex,
  ) {
    this.lower = text.toLowerCase()
  }

  one<K extends EntityKind>(kind: K): EntityValues[K] | undefined {
    return first(this.entities, kind)
  }

  has(pattern: RegExp): boolean {
    return pattern.test(this.lower)
  }

  /** The word or phrase that a table of patterns finds, as the table's value. */
  pick<T>(table: readonly (readonly [RegExp, T])[]): T | undefined {
    return table.find(([pattern]) => pattern.test(this.lower))?.[1]
  }

  nodes(): string[] {
    const listed = this.entities.flatMap((entity) =>
      entity.kind === 'node' ? [entity.value] : entity.kind === 'nodes' ? [...entity.value] : [],
    )
    const out = new Set(this.excluded())
    return [...new Set(listed)].filter((node) => !out.has(node))
  }

  excluded(): string[] {
    return excludedNodes(
      this.text,
      this.entities.flatMap((entity) =>
        entity.kind === 'node' || entity.kind === 'nodes' ? [{ start: entity.start, value: entity.value }] : [],
      ),
    )
  }

  /** The node that is named, or the one the talk is about when the sentence points at it. */
  node(fallback: 'always' | 'pointing' | 'never' = 'pointing'): string | undefined {
    const named = this.nodes()[0]
    if (named !== undefined) return named
    if (
      fallback === 'never' ||
      (fallback === 'pointing' &&
        !this.has(
          /\b(?:it|its|that|this|the (?:node|machine|box|host)|(?<!(?:is|are|was|were|be|has|have) )there(?! (?:is|are|was|were)))\b/,
        ))
    )
      return undefined
    return this.state.refs.node
  }

  /** Node or list of nodes under one slot: a single name stays a string. */
  nodeOrNodes(fallback: 'always' | 'pointing' | 'never' = 'pointing'): string | string[] | undefined {
    const named = this.nodes()
    // "cordon 2": behind such a verb a bare number is a node.
    const number = named.length === 0 ? this.one('number') : undefined
    const counted = number === undefined ? undefined : this.index.nodeByNumber.get(number)
    return named.length > 1 ? named : (counted ?? this.node(fallback))
  }

  name(kinds?: readonly string[]): string | undefined {
    const names = all(this.entities, 'name').map((entity) => entity.value)
    if (kinds === undefined) return names[0]
    return names.find((name) => {
      const known = this.index.names.get(name)
      return known === undefined
        ? kinds.includes(guessKind(name, this.index))
        : kinds.some((kind) => (known as ReadonlySet<string>).has(kind))
    })
  }

  /** A workload by name; services are workloads too. */
  workload(): string | undefined {
    const { refs } = this.state
    const named = this.name()
    if (named !== undefined) return named
    if (this.has(/\b(?:all|everything|both|(?:every|each) (?:workload|job|service|training|run))\b/)) return undefined
    const wantsService = this.has(/\b(?:service|endpoint|api|server|deployment|inference|serving|model server)\b/)
    return wantsService ? (refs.service ?? refs.workload) : (refs.workload ?? refs.service)
  }

  service(): string | undefined {
    return (
      this.name() ??
      this.state.refs.service ??
      (this.has(/\b(?:it|that|this)\b/) ? this.state.refs.workload : undefined)
    )
  }

  gpus(): number | 'all' | undefined {
    return this.one('gpuCount') ?? this.one('allGpus')
  }

  /** Price of one GPU-hour: written as money, or as a bare number behind a word of price. */
  price(): number | undefined {
    const money = this.one('money')
    if (money !== undefined) return money
    const bare =
      /\b(?:bid|at|for|price|to|pay|max|under|below|offer)\b[^\d]{0,16}(\d+\.\d{1,2}|0?\.\d+|\d+)\b(?! ?(?:gpus?|x\b|hours?|h\b|h100|a100|nodes?|replicas?|%|percent|days?|am|pm|:))/i.exec(
        this.text,
      )
    return bare?.[1] === undefined ? undefined : Number(bare[1])
  }

  hostname(): string | undefined {
    return (
      this.one('host') ??
      this.one('url')
        ?.replace(/^https?:\/\//, '')
        .replace(/[/:].*$/, '')
    )
  }
}

export type Filler = (input: SlotInput) => Slots

const FILLERS: Readonly<Record<ToolName, Filler>> = {
  ...clusterFillers,
  ...workFillers,
  ...batchFillers,
  ...servingFillers,
  ...marketFillers,
  ...dataFillers,
}

/** The slots of a tool that a sentence fills, empty ones left out. */
export function fillSlots(intent: ToolName, input: SlotInput): Slots {
  return compact(FILLERS[intent](input))
}

export function compact(slots: Slots): Slots {
  return Object.fromEntries(
    Object.entries(slots).filter(
      ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  )
}
