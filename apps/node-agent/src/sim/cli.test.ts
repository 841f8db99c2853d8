import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { runDemo } from './cli'

const dir = mkdtempSync(join(tmpdir(), 'demo-cli-'))
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

async function run(...argv: string[]): Promise<{ code: number; err: string; out: string }> {
  let err = ''
  let out = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))))
  const code = await runDemo(argv)
  return { code, err, out }
}

const where = ['--gateway', 'http://127.0.0.1:1', '--state-dir', dir]

test.each([
  [[], '--gateway is needed.'],
  [['--gateway', 'localhost:3001', '--state-dir', dir], 'must begin with http:// or https://'],
  [['--gateway', 'http://127.0.0.1:1'], '--state-dir is needed.'],
  [[...where, '--nodes', '0'], '--nodes must be a whole number from 1 to 5000.'],
  [[...where, '--speed', 'fast'], '--speed must be a number above 0'],
  [[...where, '--colour', 'red'], '--colour'],
])('%j is refused in words', async (argv, words) => {
  const { code, err } = await run(...argv)
  expect(code).toBe(2)
  expect(err).toContain(words)
  expect(err).toContain('Usage: clawbernetes-node demo')
})

test('an unknown scenario names those that are known', async () => {
  const { code, err } = await run(...where, '--scenario', 'mars')
  expect([code, err]).toEqual([1, 'demo: There is no scenario "mars". Known: fleet8.\n'])
})

test('help shows how to use it', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  expect(out).toMatch(/^Usage: clawbernetes-node demo --gateway URL/)
})
