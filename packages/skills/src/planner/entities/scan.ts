import type { InventoryIndex } from '../inventory'
import type { Candidate, Entity, EntityKind } from './entity'
import { scanGpus } from './gpus'
import { scanModels } from './models'
import { scanNames } from './names'
import { scanNodes } from './nodes'
import { scanCounts, scanMoney, scanPercent, scanPlainNumbers } from './numbers'
import { scanTechnical } from './technical'
import { isBareAdverb, scanDurations, scanSchedules, scanTimes, scanWhens, scanWindows } from './times'

/** All mentions in a sentence, in order, without overlaps: the most specific reading of a span wins. */
export function scanEntities(text: string, index: InventoryIndex): Entity[] {
  const candidates: Candidate[] = [
    ...scanTechnical(text),
    ...scanNames(text, index),
    ...scanNodes(text, index),
    ...scanGpus(text),
    ...scanModels(text),
    ...scanSchedules(text),
    ...scanWindows(text),
    ...scanDurations(text),
    ...scanTimes(text),
    ...scanWhens(text),
    ...scanMoney(text),
    ...scanPercent(text),
    ...scanCounts(text),
    ...scanPlainNumbers(text),
  ]
  candidates.sort((a, b) => b.priority - a.priority || b.end - b.start - (a.end - a.start) || a.start - b.start)
  const taken: Candidate[] = []
  for (const next of candidates) {
    if (next.end > next.start && !taken.some((other) => next.start < other.end && other.start < next.end))
      taken.push(next)
  }
  return taken.sort((a, b) => a.start - b.start)
}

// What the classifier sees instead of a mention. Kinds that are ordinary words ("tonight", "overnight") stay words.
const TOKENS: Readonly<Partial<Record<EntityKind, string>>> = {
  email: 'zzemail',
  url: 'zzhost',
  host: 'zzhost',
  path: 'zzpath',
  image: 'zzimage',
  channel: 'zzchannel',
  flag: 'zzflag',
  assignment: 'zzkey zzvalue',
  envKey: 'zzkey',
  money: 'zzmoney',
  percent: 'zzpct',
  schedule: 'zzsched',
  node: 'zznode',
  nodes: 'zznode',
  gpu: 'gpu zzidx',
  gpuType: 'zzgputype',
  model: 'zzmodel',
  modelSize: 'zzsize',
  version: 'zzver',
  planId: 'zzplan',
  offerId: 'offer zzid',
  batchId: 'batch zzid',
  canaryId: 'canary zzid',
  memoryGb: 'zzmem',
  name: 'zzname',
  provider: 'zzprovider',
  runtime: 'zzruntime',
  number: 'zznum',
  duration: 'zzdur',
  window: 'zzwin',
  time: 'zztime',
}
const COUNT_WORDS: Readonly<Partial<Record<EntityKind, RegExp>>> = {
  gpuCount:
    /[\d.,]+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|a couple|an?|single|dozen)\b/i,
  replicas: /[\d.,]+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|an?|single|dozen)\b/i,
  epochs: /[\d.,]+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b/i,
  lines: /[\d.,]+|\b(?:ten|twenty|thirty|fifty|hundred)\b/i,
  batchSize: /\d+/,
  port: /\d+/,
}

/** The sentence with mentions replaced by their kind, so that wording is learned and names are not. */
export function delexicalise(text: string, entities: readonly Entity[]): string {
  let out = ''
  let at = 0
  for (const entity of entities) {
    out += text.slice(at, entity.start) + tokenFor(entity)
    at = entity.end
  }
  return (out + text.slice(at)).toLowerCase().replace(/\s+/g, ' ').trim()
}

function tokenFor(entity: Entity): string {
  // "train_rl.py" says what it does; the classifier may read that.
  if (entity.kind === 'path' && /(?:train|tune|sft|lora|dpo)[\w-]*\.(?:py|sh|ipynb)$/i.test(entity.value))
    return ' training zzpath '
  if (entity.kind === 'schedule' && isBareAdverb(entity.text)) return ` ${entity.text} `
  // "during the day" and "at night" carry meaning as words; a clock range does not.
  if (entity.kind === 'window' && entity.value.start !== undefined && /\d|noon|midnight/.test(entity.text))
    return ' zzwin '
  if (entity.kind === 'window' || entity.kind === 'quoted' || entity.kind === 'factor') return ` ${entity.text} `
  if (entity.kind === 'duration' && entity.text.toLowerCase() === 'overnight') return ' overnight '
  const counted = COUNT_WORDS[entity.kind]
  if (counted !== undefined) return ` ${entity.text.replace(counted, entity.kind === 'port' ? 'zzport' : 'zznum')} `
  if (entity.token !== undefined) return ` ${entity.token} `
  const token = TOKENS[entity.kind]
  return token === undefined ? ` ${entity.text} ` : ` ${token} `
}
