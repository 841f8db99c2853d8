/** What a sentence can name. Each kind has one value type, so that a slot never receives the wrong shape. */
export interface EntityValues {
  email: string
  url: string
  host: string
  path: string
  image: string
  channel: string
  flag: string
  assignment: { key: string; value: string }
  envKey: string
  money: number
  percent: number
  schedule: Schedule
  window: Window
  duration: string
  time: string
  when: string
  node: string
  nodes: readonly string[]
  allNodes: 'all'
  gpu: number
  gpuCount: number
  allGpus: 'all'
  gpuType: string
  model: string
  modelSize: string
  version: string
  planId: string
  offerId: string
  batchId: string
  canaryId: string
  memoryGb: number
  port: number
  replicas: number
  epochs: number
  lines: number
  batchSize: number
  factor: number
  name: string
  provider: string
  quoted: string
  runtime: string
  number: number
}

export type Schedule = { every: string } | { cron: string }
export interface Window {
  start?: string
  end?: string
  days?: readonly string[]
}

export type EntityKind = keyof EntityValues

export type EntityOf<K extends EntityKind> = {
  kind: K
  value: EntityValues[K]
  start: number
  end: number
  text: string
  /** True where the mention is not something the caller's inventory knows. */
  unknown?: boolean
  /** What the classifier sees in its place, where the kind alone says too little. */
  token?: string
}

export type Entity = { [K in EntityKind]: EntityOf<K> }[EntityKind]

/** A candidate before overlaps are settled: higher priority wins, then the longer, then the earlier. */
export type Candidate = Entity & { priority: number }

export function candidate<K extends EntityKind>(
  kind: K,
  value: EntityValues[K],
  start: number,
  text: string,
  priority: number,
): Candidate {
  return { kind, value, start, end: start + text.length, text, priority } as Candidate
}

export function all<K extends EntityKind>(entities: readonly Entity[], kind: K): EntityOf<K>[] {
  return entities.filter((entity) => entity.kind === kind) as unknown as EntityOf<K>[]
}

export function first<K extends EntityKind>(entities: readonly Entity[], kind: K): EntityValues[K] | undefined {
  return all(entities, kind)[0]?.value
}
