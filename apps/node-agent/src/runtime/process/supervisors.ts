import { spawn } from 'node:child_process'
import { closeSync, linkSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { cgroupFolders, findCgroups, oomKillsIn, removeCgroups } from './cgroups'
import { membersOf } from './members'
import { currentBootId, identify } from './proc-table'
import type { ProcessExit, ProcessFiles } from './process-files'
import type { ProcessRecord } from './process-record'
import { writeJsonFile } from '../shared/json-file'
import { replicaName } from '../shared/observed'

/** Starts a supervisor for the next attempt, in a session of its own so that it outlives the agent. */
export function spawnSupervisor(command: string[], files: ProcessFiles, attempt: number, onGone: () => void): void {
  const [file, ...args] = command
  if (!file) throw new Error('no supervisor command')
  const log = openSync(files.supervisorLog, 'a', 0o600)
  const supervisor = spawn(file, [...args, files.dir, String(attempt)], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  supervisor.once('error', onGone)
  supervisor.once('exit', onGone)
  supervisor.unref()
}

/** Why a supervisor that never took charge ended, from the last line it left. */
export function lastWords(files: ProcessFiles): string {
  try {
    return readFileSync(files.supervisorLog, 'utf8').trim().split('\n').at(-1)?.slice(0, 300) ?? ''
  } catch {
    return ''
  }
}

/**
 * Writes the end that no supervisor wrote. The agent takes the next attempt for itself first, so no supervisor can
 * start anything after it; false means that one just did.
 */
export function concludeUnwatched(files: ProcessFiles, record: ProcessRecord, reason: ProcessExit['reason']): boolean {
  const claim = files.claim(record.attempt + 1)
  const temporary = `${claim}.agent`
  writeFileSync(temporary, JSON.stringify(identify(process.pid)), { mode: 0o600 })
  try {
    linkSync(temporary, claim)
  } catch {
    return false
  } finally {
    unlinkSync(temporary)
  }
  const { child } = record
  const kills = child ? oomKillsIn(child.cgroups) : null
  writeJsonFile(files.exit, {
    exitCode: null,
    oomKilled: child && kills !== null ? kills > child.oomKillsBefore : null,
    startedAtMs: child?.startedAtMs ?? null,
    finishedAtMs: Date.now(),
    reason,
  } satisfies ProcessExit)
  if (child) removeCgroups(child.cgroups)
  return true
}

export const fromEarlierBoot = (record: ProcessRecord): boolean => record.order.bootId !== currentBootId()

export const hasMembers = (record: ProcessRecord): boolean => membersOf(record.order.key, record.child).length > 0

export function forgetCgroups(record: ProcessRecord): void {
  removeCgroups([
    ...new Set([...(record.child?.cgroups ?? []), ...cgroupFolders(findCgroups(), replicaName(record.order.key))]),
  ])
}
