// A lock between processes that needs no dependency: whoever creates the file holds it; a holder that died gives it up.
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `task` while no other process holds `file`. Waits at most `timeoutMs`, then rejects.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} task
 * @param {{ timeoutMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withFileLock(file, task, { timeoutMs = 120_000 } = {}) {
  const deadline = Date.now() + timeoutMs
  while (!(await tryCreate(file))) {
    await giveUpIfHolderDied(file)
    if (Date.now() > deadline) throw new Error(`another process has held ${file} for ${timeoutMs / 1000} s`)
    await sleep(50)
  }
  try {
    return await task()
  } finally {
    await rm(file, { force: true })
  }
}

async function tryCreate(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

async function giveUpIfHolderDied(file) {
  const content = await readFile(file, 'utf8').catch(() => '')
  const pid = Number(content)
  // Empty: created this instant, its pid not written yet.
  if (!pid || isAlive(pid)) return
  // Moved away first: of two waiters only one may remove what is still the dead holder's file.
  const aside = `${file}.${randomUUID()}`
  await rename(file, aside).catch(() => {})
  const taken = await readFile(aside, 'utf8').catch(() => content)
  if (taken !== content) await rename(aside, file).catch(() => {})
  else await rm(aside, { force: true })
}

/** Whether a process with this id exists (signal 0 asks without disturbing it). */
export function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
