import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { watchMemory } from './memory-watch'
import { identify, isAlive, readStat } from './proc-table'

describe.skipIf(process.platform !== 'linux')('the processes of this machine', () => {
  it('are known by number, start and boot together', () => {
    const self = identify(process.pid)
    if (!self) throw new Error('this process is not listed')
    expect(isAlive(self)).toBe(true)
    expect(isAlive({ ...self, startTicks: String(BigInt(self.startTicks) + 1n) })).toBe(false)
    expect(isAlive({ ...self, bootId: 'another boot' })).toBe(false)
  })

  it('may have spaces and parentheses in their names', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'clawbernetes-proc-'))
    const program = path.join(folder, ') 1 (x')
    copyFileSync('/bin/sleep', program)
    const child = spawn(program, ['60'], { detached: true })
    await once(child, 'spawn')
    expect(readStat(child.pid ?? 0)).toMatchObject({ session: child.pid })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(readStat(child.pid ?? 0)).toBeNull()
    rmSync(folder, { recursive: true })
  })

  it('are watched for memory where nothing else limits them', async () => {
    const script = 'const held = []; setInterval(() => held.push(Buffer.alloc(4 << 20, 1)), 20)'
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
    const usedMib = await new Promise<number>((resolve) => watchMemory(() => [child.pid ?? 0], 150, resolve))
    child.kill('SIGKILL')
    expect(usedMib).toBeGreaterThan(150)
  })
})
