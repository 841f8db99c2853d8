import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from '../start/options.mjs'
import { onScreen } from './vitest.mjs'

/**
 * @param {string} chromium its path
 * @returns {Promise<import('./run-all.mjs').Outcome>}
 */
export async function browserTests(chromium) {
  const folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-playwright-'))
  const file = path.join(folder, 'report.json')
  try {
    const playwright = path.join(ROOT, 'node_modules/@playwright/test/cli.js')
    const args = [playwright, 'test', '--config', 'e2e/playwright.config.ts', '--reporter=dot,json']
    const env = { ...process.env, CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
    const status = await onScreen(process.execPath, args, env)
    const report = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'))
    if (!report) return { passed: 0, failed: 1, skipped: 0, report: 'Playwright wrote no report' }
    const { expected, flaky, unexpected, skipped } = report.stats
    const failed = Math.max(unexpected, report.errors.length, status === 0 ? 0 : 1)
    const lines = [...report.errors.map(({ message }) => message), ...report.suites.flatMap(secondTries)]
    return { passed: expected + flaky, failed, skipped, report: lines.join('\n') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Tests that failed and passed when they ran once more. */
function secondTries(suite) {
  const own = (suite.specs ?? []).filter((spec) => spec.tests.some((test) => test.status === 'flaky'))
  const named = own.map((spec) => `Failed once and passed when it ran again: ${spec.file} > ${spec.title}`)
  return [...named, ...(suite.suites ?? []).flatMap(secondTries)]
}
