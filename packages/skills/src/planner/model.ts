import { corrector } from './spell'
import { features } from './features'
import { decodeBytes, openVectors, type WordVectorFile } from './word-vectors'

/** The trained classifier as it is stored: weights are signed bytes with one scale per class. */
export interface ModelFile {
  version: 3
  /** Digest of the utterances and the code that the model was trained from. */
  digest: string
  labels: string[]
  features: string
  scales: number[]
  bias: number[]
  weights: string
  known: string
  domain: string
  vectors: WordVectorFile
  /** Divides the scores before the softmax, so that 0.8 means right four times in five. */
  temperature: number
}

export interface Scored {
  label: string
  p: number
}

export interface Model {
  labels: readonly string[]
  classify(delexicalised: string): Scored[]
  knownShare(words: readonly string[]): number
  correct(word: string): string
  /** True for a word that the utterances use, or one slip away from a domain word. */
  knows(word: string): boolean
}

/** Opens a stored model for use; about 30 ms, once per process. */
export function openModel(file: ModelFile): Model {
  const index = new Map(file.features.split('\n').map((name, i) => [name, i]))
  const classes = file.labels.length
  const bytes = decodeBytes(file.weights)
  const vectors = openVectors(file.vectors)
  const known = new Set(file.known.split('\n'))
  const correct = corrector(known, file.domain.split('\n'))
  return {
    labels: file.labels,
    correct,
    classify: (text) => rank(features(text, correct, vectors), index, bytes, classes, file),
    knows: (word) => known.has(correct(word)),
    knownShare: (words) =>
      words.length === 0
        ? 0
        : words.filter((word) => word.startsWith('zz') || known.has(correct(word))).length / words.length,
  }
}

function rank(
  named: ReadonlyMap<string, number>,
  index: ReadonlyMap<string, number>,
  bytes: Int8Array,
  classes: number,
  file: ModelFile,
): Scored[] {
  const raw = new Float64Array(classes)
  for (const [name, value] of named) {
    const id = index.get(name)
    if (id === undefined) continue
    const base = id * classes
    for (let c = 0; c < classes; c += 1) raw[c] = raw[c]! + value * bytes[base + c]!
  }
  const scores = file.labels.map((_, c) => ((file.bias[c] ?? 0) + raw[c]! * (file.scales[c] ?? 0)) / file.temperature)
  const top = Math.max(...scores)
  const exp = scores.map((score) => Math.exp(score - top))
  const sum = exp.reduce((a, b) => a + b, 0)
  return file.labels
    .map((label, c) => ({ label, p: exp[c]! / sum }))
    .sort((a, b) => b.p - a.p || (a.label < b.label ? -1 : 1))
}
