import { rm } from 'node:fs/promises'
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newestCheckpoint } from './checkpoint-files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawbernetes-ckpt-'))
})
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

const file = (name: string, content = 'x') => writeFileSync(join(folder, name), content)
const dir = (name: string, ...files: string[]) => {
  mkdirSync(join(folder, name))
  for (const f of files) writeFileSync(join(folder, name, f), 'xyz')
}

it('knows the names that frameworks give', async () => {
  for (const [i, name] of [
    'step-100',
    'step_000200.pt',
    'checkpoint-300',
    'global_step400',
    'epoch=0-step=500.ckpt',
    'iter_0000600',
    'ckpt-700.safetensors',
  ].entries()) {
    file(name)
    expect((await newestCheckpoint(folder))?.step).toBe((i + 1) * 100)
  }
})

it('does not take what is being written, empty or nameless', async () => {
  file('step-100')
  file('step-200.tmp')
  file('.step-300')
  file('tmp-step-400')
  file('step-500', '')
  file('notes.txt')
  dir('step-600')
  dir('step-700', 'model.bin', 'optim.bin.tmp')
  expect(await newestCheckpoint(folder)).toMatchObject({ step: 100, sizeBytes: 1 })
})

it('asks for the mark of completeness where it is in use', async () => {
  dir('step-100', 'model.bin', '.complete')
  dir('step-200', 'model.bin')
  expect((await newestCheckpoint(folder))?.step).toBe(100)
  file('step-200.complete', '')
  expect((await newestCheckpoint(folder))?.step).toBe(200)
})

it('takes the later one of two of the same step, and nothing where there is nothing', async () => {
  expect(await newestCheckpoint(join(folder, 'none'))).toBeNull()
  expect(await newestCheckpoint(folder)).toBeNull()
  file('step-100.a')
  file('step-100.b')
  utimesSync(join(folder, 'step-100.a'), 1, 1)
  expect((await newestCheckpoint(folder))?.path).toBe(join(folder, 'step-100.b'))
})
