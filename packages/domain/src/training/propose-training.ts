import { sameModel } from '../placement/filter'
import { type Placement, place } from '../placement/place'
import type { PlacementRequest } from '../placement/request'
import { type FleetSnapshot, isFree } from '../placement/snapshot'
import { COMFORTABLE_HEADROOM, type FitOption, fitOption, fitOptions } from './fit'
import { modelShape, type ModelShape } from './model-catalogue'
import type { Method } from './training-memory'

export interface TrainingWish {
  model: string
  paramsB: number | null
  method: Method | null
  gpus: number | null
  gpuModel: string | null
  nodes: string[] | null
  excludeNodes: string[]
  datasetPath: string | null
  memoryMib: number | null
}

export interface TrainingProposal {
  shape: ModelShape
  /** false: the size is known but the layers are scaled from a similar model. */
  exactShape: boolean
  option: FitOption
  placement: Placement
  /** Plain DDP of the full method on the same cards, for the card's "why not". */
  ddp: FitOption
  /** What is unusual about the choice, in words. */
  notes: string[]
}

export interface TrainingRefusal {
  reason: string
  placement: Placement | null
  /** The nearest thing that would work, as changed wishes with a label for a button. */
  ways: { label: string; change: Partial<TrainingWish> }[]
}

/** Finds GPUs and a method that fit, or says what is missing and what would work. Never guesses a size. */
export function proposeTraining(
  wish: TrainingWish,
  snapshot: FleetSnapshot,
): { ok: true; proposal: TrainingProposal } | { ok: false; refusal: TrainingRefusal } {
  const known = modelShape(wish.model, wish.paramsB)
  if (!known) return refuse(`I don't know how large ${wish.model} is. Say its size, for example "7b".`, null)
  const cards = candidateCards(wish, snapshot)
  if (cards.length === 0)
    return refuse('No online node has a free GPU for it.', place(request(wish, Math.max(1, wish.gpus ?? 1)), snapshot))

  let best: { option: FitOption; placement: Placement } | null = null
  let nearest: Placement | null = null
  for (const card of cards) {
    for (const option of fitOptions(known.shape, wish, card.maxFree, card.memoryMib)) {
      const placement = placeOption(wish, option.gpus, card.model, snapshot)
      if (placement.places.length === 0) {
        nearest ??= placement
        continue
      }
      if (!best || better(option, placement, best)) best = { option, placement }
      break
    }
  }
  if (!best)
    return refuseFit(wish, known.shape, cards, nearest ?? place(request(wish, wish.gpus ?? 1), snapshot), snapshot)
  const ddp = fitOption(
    known.shape,
    'full',
    best.option.gpus > 1 ? 'ddp' : 'none',
    best.option.gpus,
    false,
    best.option.cardGib * 1024,
  )
  return {
    ok: true,
    proposal: {
      shape: known.shape,
      exactShape: known.exact,
      option: best.option,
      placement: best.placement,
      ddp,
      notes: notes(wish, best.option, ddp, known.exact),
    },
  }
}

/** GPUs per node that ranks of a gang are given, largest first: fewer nodes, less traffic between them. */
const RANKS_PER_NODE = [8, 4, 2]

/**
 * On one node where that is possible. More GPUs than any node has free, asked for by number: a gang over several nodes, all of
 * one model, that starts together or not at all. A number nobody asked for never leaves one node.
 */
function placeOption(wish: TrainingWish, gpus: number, model: string, snapshot: FleetSnapshot): Placement {
  const whole = place({ ...request(wish, gpus), gpuModel: model }, snapshot)
  if (whole.places.length > 0 || wish.gpus === null) return whole
  for (const perNode of RANKS_PER_NODE) {
    if (gpus <= perNode || gpus % perNode !== 0) continue
    const gang = place({ ...request(wish, perNode), gpuModel: model, replicas: gpus / perNode, gang: true }, snapshot)
    // Ranks of one node belong together: two replicas of a gang on one node would be one that was cut in half.
    if (gang.places.length > 0 && new Set(gang.places.map((p) => p.nodeId)).size === gang.places.length) return gang
  }
  return whole
}

/** A comfortable fit beats a tight one, the fuller method beats adapters, then what placement scores higher. */
function better(option: FitOption, placement: Placement, than: { option: FitOption; placement: Placement }): boolean {
  const order: Method[] = ['full', 'lora', 'qlora']
  const byMethod = order.indexOf(option.method) - order.indexOf(than.option.method)
  if (byMethod !== 0) return byMethod < 0
  const tight = (o: FitOption) => (o.headroom < COMFORTABLE_HEADROOM ? 1 : 0)
  if (tight(option) !== tight(than.option)) return tight(option) < tight(than.option)
  return (placement.considered[0]?.score ?? 0) > (than.placement.considered[0]?.score ?? 0)
}

interface Card {
  model: string
  memoryMib: number
  /** Most free GPUs of this model on one node. */
  maxFree: number
}

/** GPU models with a free card, as placement would see them; the wish's model, if any, is the only one. */
function candidateCards(wish: TrainingWish, snapshot: FleetSnapshot): Card[] {
  const cards = new Map<string, Card>()
  for (const node of snapshot.nodes) {
    if (
      !node.online ||
      node.blocked ||
      (wish.nodes && !wish.nodes.includes(node.name)) ||
      wish.excludeNodes.includes(node.name)
    )
      continue
    const free = node.gpus.filter(
      (g) => isFree(g) && g.memoryMib !== null && (wish.gpuModel === null || sameModel(g.model, wish.gpuModel)),
    )
    for (const model of new Set(free.map((g) => g.model))) {
      const here = free.filter((g) => g.model === model)
      const card = cards.get(model)
      cards.set(model, {
        model,
        memoryMib: here[0]?.memoryMib ?? 0,
        maxFree: Math.max(card?.maxFree ?? 0, here.length),
      })
    }
  }
  return [...cards.values()].sort((a, b) => a.memoryMib - b.memoryMib || a.model.localeCompare(b.model))
}

function request(wish: TrainingWish, gpus: number): PlacementRequest {
  return {
    replicas: 1,
    gpusPerReplica: gpus,
    gang: false,
    runtime: 'container',
    gpuModel: wish.gpuModel,
    minGpuMemoryMib: null,
    nodes: wish.nodes,
    excludeNodes: wish.excludeNodes,
    labels: {},
    memoryMib: wish.memoryMib,
    requiredPaths: wish.datasetPath ? [wish.datasetPath] : [],
  }
}

function notes(wish: TrainingWish, option: FitOption, ddp: FitOption, exact: boolean): string[] {
  const list: string[] = []
  if (option.method === 'full' && option.sharding === 'fsdp' && !ddp.fits)
    list.push(
      `Plain DDP would need ${ddp.memory.totalGib.toFixed(0)} GiB on each GPU and fail on ${ddp.cardGib.toFixed(0)} GiB cards, so weights and optimiser state are sharded (FSDP).`,
    )
  if (wish.method === null && option.method !== 'full')
    list.push(
      `Full fine-tuning does not fit the free GPUs; ${option.method === 'lora' ? 'LoRA trains a small adapter' : 'QLoRA trains an adapter over 4-bit weights'} instead.`,
    )
  if (option.gradientCheckpointing)
    list.push('Gradient checkpointing is on: activations are recomputed, which costs about a third more time.')
  if (option.headroom < COMFORTABLE_HEADROOM)
    list.push(
      `Only ${Math.round(option.headroom * 100)} % of each card stays free: longer sequences may run out of memory.`,
    )
  if (!exact) list.push('The layers of this model are not known; memory is estimated from a model of similar size.')
  return list
}

function refuse(reason: string, placement: Placement | null): { ok: false; refusal: TrainingRefusal } {
  return { ok: false, refusal: { reason, placement, ways: [] } }
}

/** Says whether memory, the count or the place is missing, and offers what would fit. */
function refuseFit(
  wish: TrainingWish,
  shape: ModelShape,
  cards: Card[],
  placement: Placement,
  snapshot: FleetSnapshot,
): { ok: false; refusal: TrainingRefusal } {
  const ways: TrainingRefusal['ways'] = []
  for (const change of [
    { gpus: null },
    { method: 'lora' as const },
    { method: 'qlora' as const },
    { nodes: null, gpuModel: null },
    { datasetPath: null },
  ]) {
    const key = Object.keys(change)[0] as keyof TrainingWish
    if (wish[key] === change[key as keyof typeof change] || (key === 'datasetPath' && wish.datasetPath === null))
      continue
    const again = proposeWithout({ ...wish, ...change }, snapshot)
    if (again) ways.push({ label: again, change })
  }
  const largest = cards[cards.length - 1]
  const anyFit = cards.some(
    (card) => fitOptions(shape, wish, Math.max(card.maxFree, wish.gpus ?? 0), card.memoryMib).length > 0,
  )
  const reason = anyFit
    ? placement.reason
    : `${shape.name} does not fit: ${fitOption(shape, wish.method ?? 'qlora', 'none', 1, true, largest?.memoryMib ?? 0).memory.arithmetic}, and the largest free card has ${((largest?.memoryMib ?? 0) / 1024).toFixed(0)} GiB.`
  return { ok: false, refusal: { reason, placement, ways: ways.slice(0, 3) } }
}

function proposeWithout(wish: TrainingWish, snapshot: FleetSnapshot): string | null {
  const known = modelShape(wish.model, wish.paramsB)
  if (!known) return null
  for (const card of candidateCards(wish, snapshot)) {
    for (const option of fitOptions(known.shape, wish, card.maxFree, card.memoryMib)) {
      const placement = placeOption(wish, option.gpus, card.model, snapshot)
      const at = placement.places[0]
      if (at)
        return `${METHOD_WORDS[option.method]} on ${option.gpus} × ${card.model} of ${at.nodeName}${wish.datasetPath ? '' : ', without the data path'}`
    }
  }
  return null
}

export const METHOD_WORDS: Record<Method, string> = { full: 'full fine-tune', lora: 'LoRA', qlora: 'QLoRA' }
