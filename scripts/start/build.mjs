import path from 'node:path'
import { StartFailure } from './failure.mjs'
import { ROOT } from './options.mjs'
import { lastLines, runTool } from './run-tool.mjs'

/** Builds what changed since the last build; seconds when nothing did. */
export async function build({ dev }, signal) {
  const turbo = path.join(ROOT, 'node_modules/turbo/bin/turbo')
  // In development only what is not run from source: the database client and the files that machines download.
  const tasks = dev ? ['generate', '@clawbernetes/node-agent#build', '@clawbernetes/claw#build'] : ['build']
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NEXT_TELEMETRY_DISABLED: '1' }
  // A NODE_ENV of the caller's would build for that; Next wants to choose itself.
  delete env.NODE_ENV
  const args = [turbo, 'run', ...tasks, '--output-logs=errors-only', '--no-update-notifier']
  const { status, output } = await runTool(process.execPath, args, { env, signal })
  if (status === 0) return
  if (/ENOSPC|No space left/i.test(output))
    throw new StartFailure('The disk filled up while building: free some space and start again.')
  throw new StartFailure('The build failed:', lastLines(output, 40))
}
