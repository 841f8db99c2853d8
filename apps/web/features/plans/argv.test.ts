import { expect, it } from 'vitest'
import { printArgv } from './argv'

it('quotes only what needs it', () => {
  expect(printArgv(['torchrun', '--nproc-per-node=4', 'train.py', "it's", 'a b'])).toBe(
    "torchrun --nproc-per-node=4 train.py 'it'\\''s' 'a b'",
  )
})
