import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from '../start/options.mjs'

const SLOW_FILE_S = 20
/** More than these are no accident of a busy machine. */
const MAX_FILES_AGAIN = 5

/**
 * Runs vitest with its usual output on the screen and reads the count from its report. A few files that failed beside others run
 * once more, alone: what passes then passed, and is named.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./run-all.mjs').Outcome>}
 */
export async function unitAndIntegration(env) {
  const first = await runVitest(env, [])
  if (!first.report) return { passed: 0, failed: 1, skipped: 0, report: 'vitest wrote no report' }
  const files = first.report.testResults.filter((file) => file.status === 'failed').map((file) => file.name)
  const outcome = count(first)
  if (files.length === 0 || files.length > MAX_FILES_AGAIN) return outcome
  const again = await runVitest(env, ['--maxWorkers=1', ...files])
  if (!again.report) return outcome
  const { failed } = count(again)
  const mended = failuresOf(first.report).filter((name) => !failuresOf(again.report).includes(name))
  const named = mended.map((name) => `Failed beside other tests and passed alone: ${name}`)
  return {
    ...outcome,
    passed: outcome.passed + Math.max(0, outcome.failed - failed),
    failed,
    report: [outcome.report, ...named].filter(Boolean).join('\n'),
  }
}

async function runVitest(env, extra) {
  const folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-vitest-'))
  const file = path.join(folder, 'report.json')
  try {
    const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
    const args = [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...extra]
    const status = await onScreen(process.execPath, args, { ...process.env, ...env })
    return { status, report: JSON.parse(await readFile(file, 'utf8').catch(() => 'null')) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const isFailure = ({ status }) => status === 'failed'
// A file that could not be loaded has no tests to fail.
const isBroken = (file) => isFailure(file) && !file.assertionResults.some(isFailure)

/** What failed, by file and name. */
function failuresOf({ testResults }) {
  return testResults.filter(isFailure).flatMap((file) => {
    const where = path.relative(ROOT, file.name)
    return isBroken(file)
      ? [where]
      : file.assertionResults.filter(isFailure).map((test) => `${where} > ${test.fullName}`)
  })
}

function count({ report, status }) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report
  const failed = numFailedTests + testResults.filter(isBroken).length
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

/** Runs a program with its output on the screen; resolves to its exit status. */
export function onScreen(file, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', reject)
    child.once('close', (status) => resolve(status ?? 1))
  })
}
