import { fileURLToPath } from 'node:url'
import { buildModel } from '../src/training/build'

const started = performance.now()
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const built = buildModel(root, { force: process.argv.includes('--force') })
const seconds = ((performance.now() - started) / 1_000).toFixed(1)
console.log(
  built.trained
    ? `planner model: trained on ${built.templates} utterance templates in ${seconds} s`
    : 'planner model: up to date',
)
