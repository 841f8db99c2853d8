import { rm } from 'node:fs/promises'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkpointAt, newestCheckpoint, writeCheckpoint } from './checkpoints'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'clawbernetes-sim-ckpt-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const save = (step: number) => writeCheckpoint(dir, { step, epoch: 1, loss: 1, wallTime: 'now' }, [])

test('a named checkpoint is taken when it is whole, although a newer one is there', () => {
  save(100)
  save(200)
  expect(newestCheckpoint(dir)?.step).toBe(200)
  expect(checkpointAt(join(dir, 'checkpoint-100'))).toEqual({ step: 100, name: 'checkpoint-100', skipped: [] })
})

test('a checkpoint that is missing, half-written or of another name is none', () => {
  mkdirSync(join(dir, 'checkpoint-300'))
  for (const name of ['checkpoint-300', 'checkpoint-400', 'model']) expect(checkpointAt(join(dir, name))).toBeNull()
})
