import { describe, expect, test } from 'vitest'
import { changeFlags, numberFlag } from './change-flags'

const COMMAND = ['torchrun', '--nproc-per-node=2', 'train.py', '--batch-size=4', '--lr', '1e-5', '--data', '/data/x']

describe('flags of a command line', () => {
  test('a flag that is there gets the new value in its place, another goes to the end', () => {
    expect(changeFlags(COMMAND, ['--batch_size=2', '--gradient-checkpointing'])).toEqual([
      'torchrun',
      '--nproc-per-node=2',
      'train.py',
      '--batch_size=2',
      '--lr',
      '1e-5',
      '--data',
      '/data/x',
      '--gradient-checkpointing',
    ])
  })

  test('a value that stands as a word of its own goes with its flag; a switch leaves the next word alone', () => {
    expect(changeFlags(COMMAND, ['--lr=2e-5'])).toContain('--lr=2e-5')
    expect(changeFlags(COMMAND, ['--lr=2e-5'])).not.toContain('1e-5')
    expect(changeFlags(['run', '--verbose', 'input.txt'], ['--verbose'])).toEqual(['run', '--verbose', 'input.txt'])
  })

  test('the command it was given stays as it was', () => {
    const before = [...COMMAND]
    changeFlags(COMMAND, ['--lr=1'])
    expect(COMMAND).toEqual(before)
  })

  test('a number is found in both ways of writing it', () => {
    expect(numberFlag(COMMAND, ['batch-size'])).toEqual({ name: 'batch-size', value: 4 })
    expect(numberFlag(COMMAND, ['lr'])).toEqual({ name: 'lr', value: 1e-5 })
    expect(numberFlag(COMMAND, ['epochs', 'data'])).toBeNull()
  })
})
