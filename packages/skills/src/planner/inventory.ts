/** What the caller can see, as far as the planner needs it to resolve a mention. Nothing here carries rights. */
export interface Inventory {
  nodes?: readonly (string | { name: string; gpuType?: string })[]
  workloads?: readonly (string | { name: string; kind?: string })[]
  services?: readonly (string | { name: string; version?: string; newestVersion?: string })[]
  batches?: readonly (string | { name: string })[]
  jobs?: readonly (string | { name: string })[]
  canaries?: readonly (string | { name: string; service?: string })[]
  schedules?: readonly (string | { name: string })[]
  offers?: readonly (string | { name: string })[]
  volumes?: readonly (string | { name: string })[]
  plans?: readonly (string | { name: string; intent?: string })[]
}

export type NameKind = 'workload' | 'service' | 'batch' | 'job' | 'canary' | 'schedule' | 'offer' | 'volume'

/** The nodes that are assumed where the caller sends no inventory. */
export const DEFAULT_NODES: readonly string[] = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `node-0${n}`)

export interface InventoryIndex {
  nodes: readonly string[]
  nodeByName: ReadonlyMap<string, string>
  nodeByNumber: ReadonlyMap<number, string>
  names: ReadonlyMap<string, ReadonlySet<NameKind>>
  byKind: Readonly<Record<NameKind, readonly string[]>>
  given: boolean
}

const KINDS: readonly (readonly [NameKind, keyof Inventory])[] = [
  ['workload', 'workloads'],
  ['service', 'services'],
  ['batch', 'batches'],
  ['job', 'jobs'],
  ['canary', 'canaries'],
  ['schedule', 'schedules'],
  ['offer', 'offers'],
  ['volume', 'volumes'],
]

const cache = new WeakMap<Inventory, InventoryIndex>()
let defaultIndex: InventoryIndex | undefined

/** Lookup tables over an inventory; kept per object, so that a fleet of 1,000 nodes is indexed once. */
export function indexInventory(inventory: Inventory | undefined): InventoryIndex {
  if (inventory === undefined) {
    defaultIndex ??= build({}, false)
    return defaultIndex
  }
  const known = cache.get(inventory)
  if (known !== undefined) return known
  const index = build(inventory, true)
  cache.set(inventory, index)
  return index
}

function build(inventory: Inventory, given: boolean): InventoryIndex {
  const nodes = inventory.nodes === undefined ? DEFAULT_NODES : inventory.nodes.map(nameOf)
  const nodeByName = new Map(nodes.map((name) => [name.toLowerCase(), name]))
  const nodeByNumber = new Map<number, string>()
  for (const name of nodes) {
    const digits = /(\d+)$/.exec(name)?.[1]
    if (digits !== undefined && !nodeByNumber.has(Number(digits))) nodeByNumber.set(Number(digits), name)
  }
  const names = new Map<string, Set<NameKind>>()
  const byKind: Record<NameKind, string[]> = {
    workload: [],
    service: [],
    batch: [],
    job: [],
    canary: [],
    schedule: [],
    offer: [],
    volume: [],
  }
  for (const [kind, key] of KINDS) {
    for (const entry of inventory[key] ?? []) {
      const name = nameOf(entry)
      byKind[kind].push(name)
      const key2 = name.toLowerCase()
      names.set(key2, (names.get(key2) ?? new Set<NameKind>()).add(kind))
    }
  }
  return { nodes, nodeByName, nodeByNumber, names, byKind, given }
}

export function nameOf(entry: string | { name: string }): string {
  return typeof entry === 'string' ? entry : entry.name
}

const SERVICE_LIKE =
  /(?:api|vllm|server|serve|svc|chat|gateway|triton|tgi|sglang|endpoint|inference|infer|embed|rerank|proxy|router|assistant|bot|web|rag|search|frontend|llm)(?:-|$)/

/** Says what a bare name most likely is, where no inventory knows it. */
export function guessKind(name: string, index: InventoryIndex): NameKind {
  const known = index.names.get(name)
  if (known !== undefined) return [...known][0] ?? 'workload'
  if (/^(?:canary)/.test(name)) return 'canary'
  if (/^(?:schedule|cron|sched)-/.test(name)) return 'schedule'
  if (/(?:vol|volume|disk|pvc|scratch)$|^vol(?:ume)?-/.test(name)) return 'volume'
  if (/(?:^|-)(?:etl|batch|nightly|prep|clean\w*|dedup\w*|tokeni[sz]e\w*)(?:-|$)/.test(name)) return 'job'
  if (/(?:train|tune|sft|lora|pretrain|finetune|run|exp|job|sweep|eval)/.test(name)) return 'workload'
  if (SERVICE_LIKE.test(name)) return 'service'
  return 'workload'
}
