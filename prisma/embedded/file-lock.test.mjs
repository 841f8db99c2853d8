import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withFileLock } from './file-lock.mjs'

describe('the lock between processes', () => {
  let folder
  let file
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-lock-'))
    file = path.join(folder, 'lock')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('lets one in at a time and leaves no file behind', async () => {
    let inside = 0
    let most = 0
    const visit = () =>
      withFileLock(file, async () => {
        most = Math.max(most, ++inside)
        await new Promise((resolve) => setImmediate(resolve))
        inside--
      })
    await Promise.all(Array.from({ length: 5 }, visit))
    expect(most).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('takes over from a holder that died, once', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    await writeFile(file, String(pid))
    const visits = []
    await Promise.all([1, 2, 3].map((n) => withFileLock(file, async () => void visits.push(n))))
    expect(visits).toHaveLength(3)
    expect(await readdir(folder)).toEqual([])
  })

  it('gives up after its time when the holder lives', async () => {
    await writeFile(file, String(process.pid))
    await expect(withFileLock(file, async () => {}, { timeoutMs: 120 })).rejects.toThrow('another process has held')
  })
})
