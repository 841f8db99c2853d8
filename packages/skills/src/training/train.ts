import { createHash } from 'node:crypto'
import { conceptStems } from '../planner/concepts'
import { delexicalise, scanEntities } from '../planner/entities/scan'
import { features } from '../planner/features'
import { indexInventory } from '../planner/inventory'
import type { ModelFile } from '../planner/model'
import { normalise } from '../planner/normalise'
import { corrector, isSlipOf } from '../planner/spell'
import { stem, tokenise } from '../planner/words'
import { openVectors, type WordVectorFile } from '../planner/word-vectors'
import { expandAll, type Example, type Template } from './corpus'
import { hash } from './random'
import { probabilities, type Row, trainSoftmax, type Weights } from './softmax'

export interface Prepared {
  example: Example
  text: string
  named: Map<string, number>
}

interface Vocabulary {
  known: Set<string>
  domain: string[]
}

const OPTIONS = { epochs: 6, rate: 0.45, decay: 2e-6, seed: 7, drop: 0.5 }
// A feature that only one template shows teaches that template and nothing else.
const MIN_TEMPLATES = 2

const NO_INVENTORY = indexInventory(undefined)
/** The check of the skills and the training read the same fifty thousand sentences. */
const read = new Map<string, string>()

export function delexicaliseRaw(text: string): string {
  const known = read.get(text)
  if (known !== undefined) return known
  const plain = normalise(text)
  const replaced = delexicalise(plain, scanEntities(plain, NO_INVENTORY))
  read.set(text, replaced)
  return replaced
}

export function vocabularyOf(texts: readonly string[]): Vocabulary {
  const counts = new Map<string, number>()
  for (const text of new Set(texts))
    for (const word of new Set(tokenise(text))) counts.set(word, (counts.get(word) ?? 0) + 1)
  const stems = new Set(conceptStems())
  const domain = [...counts]
    .filter(([word, n]) => n >= 2 && word.length >= 4 && stems.has(stem(word)) && !word.startsWith('zz'))
    .map(([word]) => word)
    .sort()
  return { known: withoutSlips(counts, domain), domain }
}

/** How often a word must be used before a rare one that is a slip of it counts as misspelled. */
const COMMON = 24
const RARE = 8
const SLIP_MIN_LETTERS = 5

/** Misspellings are taught too; a word that is one must stay open to correction, or the same slip elsewhere is never mended. */
function withoutSlips(counts: ReadonlyMap<string, number>, domain: readonly string[]): Set<string> {
  const common = domain.filter((word) => (counts.get(word) ?? 0) >= COMMON)
  return new Set(
    [...counts]
      .filter(
        ([word, n]) =>
          n > RARE ||
          !common.some(
            (other) =>
              isSlipOf(word, other) &&
              // Short words: only swapped letters; one that lacks a letter may be another word.
              (word.length >= SLIP_MIN_LETTERS || word.length === other.length) &&
              stem(other) !== stem(word),
          ),
      )
      .map(([word]) => word),
  )
}

export function prepare(
  templates: readonly Template[],
  file: WordVectorFile,
): { prepared: Prepared[]; vocabulary: Vocabulary } {
  const vectors = openVectors(file)
  const examples = expandAll(templates)
  const texts = examples.map((example) => delexicaliseRaw(example.text))
  const vocabulary = vocabularyOf(texts)
  const correct = corrector(vocabulary.known, vocabulary.domain)
  const seen = new Set<string>()
  const prepared: Prepared[] = []
  examples.forEach((example, i) => {
    const text = texts[i] ?? ''
    // Two sample values of one slot give the same sentence here: once is enough.
    const key = `${example.template} ${text}`
    if (seen.has(key)) return
    seen.add(key)
    prepared.push({ example, text, named: features(text, correct, vectors) })
  })
  return { prepared, vocabulary }
}

export interface Fitted {
  labels: string[]
  index: Map<string, number>
  weights: Weights
}

export function fit(prepared: readonly Prepared[], epochs = OPTIONS.epochs): Fitted {
  const labels = [...new Set(prepared.map((item) => item.example.intent))].sort()
  const index = featureIndex(prepared)
  const rows = toRows(prepared, labels, index)
  return { labels, index, weights: trainSoftmax(rows, labels.length, index.size, { ...OPTIONS, epochs }) }
}

function featureIndex(prepared: readonly Prepared[]): Map<string, number> {
  const templatesOf = new Map<string, number>()
  const lastTemplate = new Map<string, number>()
  for (const { example, named } of prepared) {
    for (const name of named.keys()) {
      if (lastTemplate.get(name) === example.template) continue
      lastTemplate.set(name, example.template)
      templatesOf.set(name, (templatesOf.get(name) ?? 0) + 1)
    }
  }
  const names = [...templatesOf]
    .filter(([, n]) => n >= MIN_TEMPLATES)
    .map(([name]) => name)
    .sort()
  return new Map(names.map((name, i) => [name, i]))
}

/** Each template weighs about the square root of its readings; each intent leans towards equal weight. */
function toRows(prepared: readonly Prepared[], labels: readonly string[], index: ReadonlyMap<string, number>): Row[] {
  const perTemplate = new Map<number, number>()
  const templatesPerIntent = new Map<string, Set<number>>()
  for (const { example } of prepared) {
    perTemplate.set(example.template, (perTemplate.get(example.template) ?? 0) + 1)
    templatesPerIntent.set(example.intent, (templatesPerIntent.get(example.intent) ?? new Set()).add(example.template))
  }
  const mean = [...templatesPerIntent.values()].reduce((sum, set) => sum + set.size, 0) / templatesPerIntent.size
  const labelIndex = new Map(labels.map((label, i) => [label, i]))
  return prepared.map(({ example, named }) => {
    const own = 1 / Math.sqrt(perTemplate.get(example.template) ?? 1)
    const balance = Math.min(2, Math.max(0.6, Math.sqrt(mean / (templatesPerIntent.get(example.intent)?.size ?? mean))))
    return { label: labelIndex.get(example.intent) ?? 0, weight: own * balance, ...vector(named, index) }
  })
}

export function vector(
  named: ReadonlyMap<string, number>,
  index: ReadonlyMap<string, number>,
): { ids: Int32Array; values: Float32Array } {
  const pairs: [number, number][] = []
  for (const [name, value] of named) {
    const id = index.get(name)
    if (id !== undefined) pairs.push([id, value])
  }
  return { ids: Int32Array.from(pairs, (pair) => pair[0]), values: Float32Array.from(pairs, (pair) => pair[1]) }
}

export interface Judged {
  item: Prepared
  ranked: { label: string; p: number }[]
}

/** Templates that stand together say the same in similar words: a fold takes or leaves all of them. */
const FAMILY = 10

/**
 * Predictions for examples whose family of templates the model has not seen: k folds over families, never over readings. `held`
 * says how many of the folds are held out in turn; all of them where it is not given.
 */
export function crossValidate(
  prepared: readonly Prepared[],
  folds: number,
  options: { epochs: number; held?: number },
): Judged[] {
  const foldOf = (item: Prepared): number =>
    hash(`fold ${item.example.intent} ${Math.floor(item.example.template / FAMILY)}`) % folds
  const out: Judged[] = []
  for (let fold = 0; fold < (options.held ?? folds); fold += 1) {
    const fitted = fit(
      prepared.filter((item) => foldOf(item) !== fold),
      options.epochs,
    )
    for (const item of prepared) if (foldOf(item) === fold) out.push({ item, ranked: judge(item.named, fitted) })
  }
  return out
}

export function judge(named: ReadonlyMap<string, number>, fitted: Fitted): { label: string; p: number }[] {
  const p = new Float32Array(fitted.labels.length)
  probabilities(vector(named, fitted.index), fitted.weights.w, fitted.weights.bias, p, fitted.labels.length)
  return fitted.labels.map((label, i) => ({ label, p: p[i] ?? 0 })).sort((a, b) => b.p - a.p)
}

/** The temperature that makes held-out probabilities honest: least log loss over a small grid. */
export function calibrate(judged: readonly Judged[]): number {
  let best = 1
  let bestLoss = Infinity
  for (let temperature = 0.5; temperature <= 2.001; temperature += 0.05) {
    let loss = 0
    for (const { item, ranked } of judged) {
      const scores = ranked.map((entry) => Math.log(Math.max(entry.p, 1e-9)) / temperature)
      const top = Math.max(...scores)
      const sum = scores.reduce((total, score) => total + Math.exp(score - top), 0)
      const own = ranked.findIndex((entry) => entry.label === item.example.intent)
      loss -= (scores[own] ?? -20) - top - Math.log(sum)
    }
    if (loss < bestLoss) {
      bestLoss = loss
      best = temperature
    }
  }
  return Math.round(best * 100) / 100
}

/** The model file: weights as signed bytes, features that hardly matter left out. */
export function pack(
  fitted: Fitted,
  vocabulary: Vocabulary,
  { dimensions, words, vectors }: WordVectorFile,
  temperature: number,
  digest: string,
): ModelFile {
  const { classes, w, bias } = fitted.weights
  const scales = new Array<number>(classes).fill(0)
  for (let i = 0; i < w.length; i += 1) scales[i % classes] = Math.max(scales[i % classes] ?? 0, Math.abs(w[i] ?? 0))
  const kept = [...fitted.index].filter(([, id]) => {
    for (let c = 0; c < classes; c += 1) if (Math.abs(w[id * classes + c] ?? 0) > 0.05) return true
    return false
  })
  const bytes = new Int8Array(kept.length * classes)
  kept.forEach(([, id], row) => {
    for (let c = 0; c < classes; c += 1)
      bytes[row * classes + c] = Math.round(((w[id * classes + c] ?? 0) / (scales[c] || 1)) * 127)
  })
  return {
    version: 3,
    digest,
    labels: fitted.labels,
    features: kept.map(([name]) => name).join('\n'),
    scales: scales.map((scale) => Number((scale / 127).toPrecision(6))),
    bias: [...bias].map((value) => Number(value.toPrecision(6))),
    weights: Buffer.from(bytes.buffer).toString('base64'),
    known: [...vocabulary.known].sort().join('\n'),
    domain: vocabulary.domain.join('\n'),
    vectors: { dimensions, words, vectors },
    temperature,
  }
}

export function digestOf(parts: readonly string[]): string {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('hex').slice(0, 32)
}
