import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSupervisor } from './supervisor.mjs'

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the supervisor', () => {
  let folder
  let supervisor
  let said
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-supervisor-'))
    said = []
    supervisor = createSupervisor({ logDir: path.join(folder, 'logs'), say: (text) => said.push(text), verbose: false })
  })
  afterEach(async () => {
    await supervisor.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  })

  async function script(name, source) {
    const file = path.join(folder, name)
    await writeFile(file, source)
    return file
  }

  it('starts a process again that crashed, later each time, and says so', async () => {
    const file = await script('crash.mjs', 'console.log("hello " + process.pid); process.exit(3)')
    const service = supervisor.start({ name: 'crash', args: [file], env: process.env })
    await vi.waitFor(() => expect(service.crashes).toBeGreaterThanOrEqual(2), { timeout: 10_000 })
    expect(said[0]).toContain('The crash process ended (3) and starts again in 0.5 s')
    expect(said[1]).toContain('starts again in 1 s')
    const log = await readFile(path.join(folder, 'logs/crash.log'), 'utf8')
    expect(log.match(/^hello \d+$/gm).length).toBeGreaterThanOrEqual(2)
  })

  it('hands on what a process prints and stops it with SIGTERM', async () => {
    const source = `process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); console.log('up'); setInterval(() => {}, 1000)`
    const lines = []
    const args = [await script('calm.mjs', source)]
    supervisor.start({ name: 'calm', args, env: process.env, onLine: (line) => lines.push(line) })
    await vi.waitFor(() => expect(lines).toEqual(['up']), { timeout: 10_000 })
    await supervisor.stop()
    expect(lines).toEqual(['up', 'bye'])
    expect(said).toEqual([])
  })

  it('takes its processes with it when it dies without a word', async () => {
    const child = await script('stay.mjs', 'console.log(process.pid); setInterval(() => {}, 1000)')
    const source = `
      import { createSupervisor } from ${JSON.stringify(fileURLToPath(new URL('./supervisor.mjs', import.meta.url)))}
      const supervisor = createSupervisor({ logDir: ${JSON.stringify(folder)}, say() {}, verbose: false })
      supervisor.start({ name: 'stay', args: [${JSON.stringify(child)}], env: process.env, onLine: (line) => console.log(line) })`
    const parent = spawn(process.execPath, [await script('parent.mjs', source)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = await new Promise((resolve) => parent.stdout.once('data', (chunk) => resolve(Number(chunk))))
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 })
  })
})
