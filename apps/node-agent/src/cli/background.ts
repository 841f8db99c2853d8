import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { liveOwner } from '../state/state-lock'
import { loadRunState } from '../state/run-state'

const CONNECT_WAIT_MS = 20_000
const LOOK_MS = 100

export const logPath = (stateDir: string): string => join(stateDir, 'agent.log')

/** The argv that runs this very program, from its bundle or from its sources. */
export const ownArgv = (...args: string[]): string[] => [
  ...process.execArgv.filter((flag) => !flag.startsWith('--inspect')),
  resolve(process.argv[1] ?? ''),
  ...args,
]

/** Starts the agent in a session of its own and waits until it is connected. Resolves with what to tell the person. */
export async function startInBackground(stateDir: string): Promise<{ ok: boolean; message: string }> {
  const running = await liveOwner(join(stateDir, 'agent.lock'))
  if (running !== null) return { ok: true, message: `The agent is running already (process ${running}).` }
  const out = openSync(logPath(stateDir), 'a', 0o600)
  const child = spawn(process.execPath, ownArgv('run', '--state-dir', stateDir), {
    detached: true,
    stdio: ['ignore', out, out],
    cwd: '/',
  })
  closeSync(out)
  let exit: number | null = null
  child.once('exit', (code) => {
    exit = code ?? 1
  })
  child.unref()
  const until = Date.now() + CONNECT_WAIT_MS
  while (Date.now() < until && exit === null) {
    const state = await loadRunState(stateDir)
    if (state?.pid === child.pid && state?.online)
      return {
        ok: true,
        message: `The agent runs (process ${child.pid}) and is connected. Its log is ${logPath(stateDir)}.`,
      }
    await new Promise((resume) => setTimeout(resume, LOOK_MS))
  }
  if (exit === null)
    return {
      ok: true,
      message: `The agent runs (process ${child.pid}) and is still trying to connect. Its log is ${logPath(stateDir)}.`,
    }
  const log = await readFile(logPath(stateDir), 'utf8').catch(() => '')
  return { ok: false, message: `The agent ended at once:\n${log.trimEnd().split('\n').slice(-5).join('\n')}` }
}
