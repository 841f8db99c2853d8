import { isTestServerUp, sharedTestServer } from '@clawbernetes/db/test-server'
import { findBrowser } from './browser.mjs'
import { findEngines } from './engines.mjs'
import { browserTests } from './playwright.mjs'
import { houseRules, typesAndBuild } from './static-checks.mjs'
import { unitAndIntegration } from './vitest.mjs'

/**
 * @typedef {{ passed: number, failed: number, skipped: number, report: string }} Outcome
 */

/**
 * Runs every stage and adds up what they counted; a failing stage does not keep the next from running.
 * @param {{ quick: boolean, progress: ReturnType<import('../start/progress.mjs').createProgress> }} options
 */
export async function runAll({ quick, progress }) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  async function stage(label, run) {
    const outcome = await progress.step(label, run)
    for (const key of ['passed', 'failed', 'skipped']) total[key] += outcome[key]
    progress.say(`  ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`)
    if (outcome.report) progress.say(outcome.report)
  }

  // First what generates code: lint with types needs the database client to be there.
  await stage(quick ? 'Types' : 'Types and build', () => typesAndBuild({ build: !quick }))
  await stage('House rules', houseRules)
  const engines = await findEngines()
  progress.say(engines.sentence)
  await withTestServer(() => stage('Unit and integration tests', () => unitAndIntegration(engines.env)))
  if (quick) return total

  const browser = await findBrowser(progress)
  if (browser.path) await stage('Browser tests', () => browserTests(browser.path))
  else {
    total.skipped += 1
    progress.say(browser.sentence)
  }
  return total
}

/** Whoever started the shared test server stops it. */
async function withTestServer(work) {
  if (process.env.TEST_DATABASE_URL || process.env.DATABASE_URL || (await isTestServerUp())) return work()
  const server = await sharedTestServer()
  try {
    return await work()
  } finally {
    await server.stop()
  }
}
