import { fileURLToPath } from 'node:url'
import { buildModel } from '../src/training/build'
import { checkSkills } from '../src/training/check-skills'
import { loadTemplates } from '../src/training/corpus'

const started = performance.now()
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const built = buildModel(root, {
  force: process.argv.includes('--force'),
  // Asked before anything is trained: a skill that is not complete fails the build.
  before: () => {
    const problems = checkSkills(root, loadTemplates(root))
    if (problems.length > 0) throw new Error(`the skills cannot be built:\n${problems.join('\n')}`)
  },
})
const seconds = ((performance.now() - started) / 1_000).toFixed(1)
console.log(
  built.trained
    ? `planner model: trained on ${built.templates} utterance templates in ${seconds} s`
    : 'planner model: up to date',
)
