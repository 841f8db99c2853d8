/** Word vectors as they are stored: the most frequent word first, each row a unit vector in signed bytes. */
export interface WordVectorFile {
  dimensions: number
  words: string
  vectors: string
}

export interface WordVectors {
  dimensions: number
  at: ReadonlyMap<string, number>
  bytes: Int8Array
}

export function openVectors(file: WordVectorFile): WordVectors {
  return {
    dimensions: file.dimensions,
    at: new Map(file.words.split('\n').map((word, i) => [word, i])),
    bytes: decodeBytes(file.vectors),
  }
}

export function decodeBytes(base64: string): Int8Array {
  const text = atob(base64)
  const bytes = new Int8Array(text.length)
  for (let i = 0; i < text.length; i += 1) bytes[i] = (text.charCodeAt(i) << 24) >> 24
  return bytes
}

// Frequent words say little: weight a / (a + p) of "A Simple but Tough-to-Beat Baseline for Sentence Embeddings" (Arora et al.,
// 2017), with p by Zipf's law from the word's place in the list.
const SMOOTHING = 1e-3
const ZIPF = 0.08
const FIRST_RANK = 3

/**
 * What a sentence is about: the unit-length weighted mean of its words' vectors, so that a word that no example taught stands
 * near those that were. A word is looked up as written and, where that is not listed, as corrected. Undefined where no word is known.
 */
export function meaning(
  words: readonly string[],
  corrected: readonly string[],
  vectors: WordVectors,
): Float64Array | undefined {
  const { dimensions, at, bytes } = vectors
  const sum = new Float64Array(dimensions)
  let found = false
  words.forEach((word, i) => {
    const rank = at.get(word) ?? at.get(corrected[i] ?? '')
    if (rank === undefined) return
    found = true
    const weight = SMOOTHING / (SMOOTHING + ZIPF / (rank + FIRST_RANK))
    for (let d = 0; d < dimensions; d += 1) sum[d] = sum[d]! + weight * bytes[rank * dimensions + d]!
  })
  if (!found) return undefined
  const length = Math.hypot(...sum) || 1
  return sum.map((value) => value / length)
}
