import { rm } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { DamagedStateError, readJson, writeJson } from './atomic-file'
import { lockState } from './state-lock'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawbernetes-state-'))
})
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

describe('a state file', () => {
  it('is readable by its owner alone and leaves nothing beside it', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => writeJson(join(folder, 'a.json'), { i })))
    expect(readdirSync(folder)).toEqual(['a.json'])
    expect(statSync(join(folder, 'a.json')).mode & 0o777).toBe(0o600)
  })
  it('that is damaged is said, not taken for an empty one', async () => {
    const path = join(folder, 'a.json')
    expect(await readJson(path, z.object({}))).toBeNull()
    writeFileSync(path, '{"epoch": 1, "ver')
    await expect(readJson(path, z.object({}))).rejects.toBeInstanceOf(DamagedStateError)
    writeFileSync(path, '[]')
    await expect(readJson(path, z.object({ a: z.number() }))).rejects.toBeInstanceOf(DamagedStateError)
  })
})

describe('the lock', () => {
  it('is for one agent at a time, and free again after it', async () => {
    const unlock = await lockState(folder)
    await expect(lockState(folder)).rejects.toThrow('already uses')
    unlock()
    ;(await lockState(folder))()
    expect(existsSync(join(folder, 'agent.lock'))).toBe(false)
  })
  it('of a dead process is taken over, of a living one not', async () => {
    const child = spawn('sleep', ['600'])
    const stat = await import('node:fs').then((fs) => fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8'))
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    writeFileSync(join(folder, 'agent.lock'), `${child.pid} ${ticks}\n`)
    await expect(lockState(folder)).rejects.toThrow(`process ${child.pid}`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    ;(await lockState(folder))()
  })
  it('is not held by another process that got the same number', async () => {
    writeFileSync(join(folder, 'agent.lock'), '1 123456789012\n')
    ;(await lockState(folder))()
  })
})
