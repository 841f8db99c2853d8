import path from 'node:path'
import { lint } from '../lint.mjs'
import { ROOT } from '../start/options.mjs'
import { runTool } from '../start/run-tool.mjs'

/** @returns {Promise<import('./run-all.mjs').Outcome>} */
export async function houseRules() {
  const results = await lint()
  const failed = results.filter(({ ok }) => !ok)
  return {
    passed: results.length - failed.length,
    failed: failed.length,
    skipped: 0,
    report: failed.map(({ name, output }) => `${output}\nfailed: ${name}`).join('\n'),
  }
}

/**
 * Every workspace type-checks, and, for the browser tests, every app builds.
 * @param {{ build: boolean }} what
 * @returns {Promise<import('./run-all.mjs').Outcome>}
 */
export async function typesAndBuild({ build }) {
  const tasks = build ? ['typecheck', 'build'] : ['typecheck']
  const turbo = path.join(ROOT, 'node_modules/turbo/bin/turbo')
  const args = [turbo, 'run', ...tasks, '--continue', '--output-logs=errors-only', '--no-update-notifier']
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NEXT_TELEMETRY_DISABLED: '1' }
  const { status, output } = await runTool(process.execPath, args, { env })
  const counted = /Tasks:\s+(?<passed>\d+) successful, (?<total>\d+) total/.exec(output)?.groups
  if (!counted) return { passed: 0, failed: 1, skipped: 0, report: output }
  const passed = Number(counted.passed)
  const failed = Math.max(Number(counted.total) - passed, status === 0 ? 0 : 1)
  return { passed, failed, skipped: 0, report: status === 0 ? '' : output }
}
