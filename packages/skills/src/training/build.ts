import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ModelFile } from '../planner/model'
import type { WordVectorFile } from '../planner/word-vectors'
import { loadTemplates } from './corpus'
import { digestOf, fit, pack, prepare } from './train'

/** Measured on held-out templates; the learning test fails when the data moves away from it. */
export const TEMPERATURE = 1.05

const VECTORS = 'resources/word-vectors.json'

/** Trains the planner's model where it is missing or older than its sources; says what it did. */
export function buildModel(
  root: string,
  options: { force?: boolean; before?: () => void } = {},
): { path: string; trained: boolean; templates: number } {
  const path = join(root, 'src/generated/planner-model.json')
  const digest = digestOf(sources(root).map((file) => `${file.slice(root.length)}\n${readFileSync(file, 'utf8')}`))
  if (options.force !== true && existingDigest(path) === digest) return { path, trained: false, templates: 0 }
  options.before?.()
  const templates = loadTemplates(root)
  const vectors = loadVectors(root)
  const { prepared, vocabulary } = prepare(templates, vectors)
  const file = pack(fit(prepared), vocabulary, vectors, TEMPERATURE, digest)
  write(path, file)
  return { path, trained: true, templates: templates.length }
}

/** Word vectors for what the examples do not say; `scripts/word-vectors.mjs` tells where they come from. */
export function loadVectors(root: string): WordVectorFile {
  return JSON.parse(readFileSync(join(root, VECTORS), 'utf8')) as WordVectorFile
}

function existingDigest(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  // The digest stands at the front, so that a start does not parse megabytes to learn that nothing changed.
  return /"digest":"([a-f0-9]+)"/.exec(readFileSync(path, 'utf8').slice(0, 400))?.[1]
}

/** Written beside and renamed: a reader never sees half a model. */
function write(path: string, file: ModelFile): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, JSON.stringify(file))
  renameSync(draft, path)
}

function sources(root: string): string[] {
  const planner = [
    'concepts',
    'contrast',
    'features',
    'words',
    'spell',
    'normalise',
    'inventory',
    'model',
    'word-vectors',
  ].map((name) => join(root, `src/planner/${name}.ts`))
  return [
    ...planner,
    ...under(join(root, 'src/planner/entities'), /\.ts$/),
    ...under(join(root, 'src/training'), /(?<!\.test)\.ts$/),
    ...under(join(root, 'skills'), /\.yaml$/),
    ...under(join(root, 'dialogue'), /\.yaml$/),
    join(root, VECTORS),
    join(root, 'evals/development.jsonl'),
  ].sort()
}

function under(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return under(path, pattern)
    return pattern.test(entry.name) && entry.name !== 'evals.yaml' ? [path] : []
  })
}
