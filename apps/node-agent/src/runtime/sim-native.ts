import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { claimName } from '../sim/child/process-files'

const SHELL = '/bin/sh'

/**
 * Claims the attempt, waits for the command, writes down how it ended. The text is fixed; the command comes as arguments.
 * With -C the claim fails when there is one, so that an attempt is never run twice.
 */
const CLAIM_AND_RUN =
  'set -C; echo "{\\"pid\\":$$,\\"startTicks\\":null}" > "$1" || exit 75; end=$2; shift 2; ' +
  '"$@"; code=$?; echo "{\\"exitCode\\":$code,\\"oomKilled\\":false,\\"ramMib\\":1}" > "$end"; exit $code'

/** Commands so small that the machine's own program is the best simulation of them. */
const COMMANDS = new Set(['sleep', 'true', 'false'])

export const runsNatively = (argv: readonly string[]): boolean => COMMANDS.has(argv[0] ?? '') && existsSync(SHELL)

/** Starts one of these commands in a session of its own, claimed as the simulated process would. */
export function spawnNative(dir: string, attempt: number, argv: readonly string[], replicaId: string): ChildProcess {
  const files = [join(dir, claimName(attempt)), join(dir, 'end.json')]
  return spawn(SHELL, ['-c', CLAIM_AND_RUN, 'sim-native', ...files, ...argv], {
    cwd: dir,
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', CLAWBERNETES_REPLICA_ID: replicaId },
  })
}
