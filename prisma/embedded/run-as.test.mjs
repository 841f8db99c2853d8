import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverRunner } from './run-as.mjs'

describe.runIf(process.getuid?.() === 0)('the user that root starts Postgres as', () => {
  let home
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'clawbernetes-home-'))
    await mkdir(path.join(home, 'checkout'))
    await copyFile('/bin/true', path.join(home, 'checkout/program'))
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  it.each([
    [0o755, 'an open folder'],
    [0o700, 'a folder that only root may enter'],
  ])('is not root, and reaches what lies in a folder of mode %o', async (mode) => {
    await chmod(home, mode)
    const program = path.join(home, 'checkout/program')
    const { uid, run } = await serverRunner([path.join(home, 'checkout'), program])
    expect(uid).toBeGreaterThan(0)
    expect((await run('id', ['-u'])).output).toBe(String(uid))
    expect((await run('test', ['-x', program])).status).toBe(0)
    expect((await run(program, [])).status).toBe(0)
  })

  it('may not write where only root may', async () => {
    await chmod(home, 0o700)
    const { run } = await serverRunner([path.join(home, 'checkout'), path.join(home, 'checkout/program')])
    expect((await run('touch', [path.join(home, 'checkout/written')])).status).not.toBe(0)
  })
})
