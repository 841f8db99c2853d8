import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from '../start/options.mjs'

const SLOW_FILE_S = 20

/**
 * Runs vitest with its usual output on the screen and reads the count from its report.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./run-all.mjs').Outcome>}
 */
export async function unitAndIntegration(env) {
  const folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-vitest-'))
  const file = path.join(folder, 'report.json')
  try {
    const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
    const args = [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
    const status = await onScreen(process.execPath, args, { ...process.env, ...env })
    const report = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'))
    return report ? count(report, status) : { passed: 0, failed: 1, skipped: 0, report: 'vitest wrote no report' }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function count({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }, status) {
  // A file that could not be loaded has no tests to fail.
  const brokenFiles = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailure))
  const failed = numFailedTests + brokenFiles.length
  return {
    passed: numPassedTests,
    // An error between tests (an unhandled rejection) fails the run and no test.
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
    report: slowest(testResults),
  }
}

/** Where the time goes, when it is much. */
function slowest(testResults) {
  const seconds = ({ startTime, endTime }) => Math.round((endTime - startTime) / 1000)
  const slow = testResults.filter((file) => seconds(file) >= SLOW_FILE_S).sort((a, b) => seconds(b) - seconds(a))
  const lines = slow.slice(0, 8).map((file) => `  ${seconds(file)} s  ${path.relative(ROOT, file.name)}`)
  return lines.length > 0 ? `Slowest files:\n${lines.join('\n')}` : ''
}

const isFailure = ({ status }) => status === 'failed'

/** Runs a program with its output on the screen; resolves to its exit status. */
export function onScreen(file, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', reject)
    child.once('close', (status) => resolve(status ?? 1))
  })
}
