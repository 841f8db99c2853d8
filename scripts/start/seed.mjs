import { rm } from 'node:fs/promises'
import path from 'node:path'
import { StartFailure } from './failure.mjs'
import { lastLines, runTool } from './run-tool.mjs'

/**
 * @typedef {object} Seeded
 * @property {string} email
 * @property {string} password
 * @property {string} joinToken   for the demo's nodes
 */

/**
 * Makes the demo organisation, its person and a token for its nodes, or finds them.
 * @param {{ args: string[], env: NodeJS.ProcessEnv, dataDir: string, reset: boolean, signal: AbortSignal }} options
 * @returns {Promise<Seeded>}
 */
export async function seed({ args, env, dataDir, reset, signal }) {
  if (reset) await rm(path.join(dataDir, 'demo'), { recursive: true, force: true })
  const { status, output } = await runTool(process.execPath, reset ? [...args, '--reset'] : args, { env, signal })
  if (status !== 0) throw new StartFailure('The demo could not be set up:', lastLines(output))
  const answer = output.split('\n').findLast((line) => line.startsWith('{'))
  if (!answer) throw new StartFailure('The demo could not be set up: the seed gave no answer.', lastLines(output))
  return JSON.parse(answer)
}
