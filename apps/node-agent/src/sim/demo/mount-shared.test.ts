import { rm } from 'node:fs/promises'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mountShared } from './mount-shared'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clawbernetes-shared-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('what one node writes the other reads, and what was there before is kept', () => {
  const network = { folders: ['/data/checkpoints'], dir: join(dir, 'shared') }
  const [a, b] = [join(dir, 'a'), join(dir, 'b')]
  mkdirSync(join(a, 'data/checkpoints/run-1'), { recursive: true })
  writeFileSync(join(a, 'data/checkpoints/run-1/step'), '100')
  mountShared(a, network)
  mountShared(b, network)
  expect(readFileSync(join(b, 'data/checkpoints/run-1/step'), 'utf8')).toBe('100')
  writeFileSync(join(b, 'data/checkpoints/later'), 'x')
  mountShared(a, network)
  expect(readFileSync(join(a, 'data/checkpoints/later'), 'utf8')).toBe('x')
})
