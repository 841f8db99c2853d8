// `npm test`: everything, ending in `N passed, N failed`. `--quick` (npm run verify) leaves the browser out.
import { parseArgs } from 'node:util'
import { explain } from './start/failure.mjs'
import { install, needsInstall } from './start/install.mjs'
import { createProgress } from './start/progress.mjs'

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const progress = createProgress(process.stdout)
// Vitest, Next and npm each choose their own.
delete process.env.NODE_ENV

try {
  if (await needsInstall()) {
    await progress.step('Installing packages', (detail) => install(detail, new AbortController().signal))
  }
  const { runAll } = await import('./test/run-all.mjs')
  const total = await runAll({ quick: flags.quick, progress })
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  progress.say(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
  process.exitCode = total.failed > 0 ? 1 : 0
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`)
  progress.say('\n0 passed, 1 failed')
  process.exitCode = 1
}
