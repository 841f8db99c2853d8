import { describe, expect, it } from 'vitest'
import { splitCommand } from './split-command'

describe('splitCommand', () => {
  it.each([
    ['python prep.py --size 4', ['python', 'prep.py', '--size', '4']],
    [`sh -c 'echo a; echo "b"'`, ['sh', '-c', 'echo a; echo "b"']],
    ['echo "two words" ""', ['echo', 'two words', '']],
    ['echo a\\ b', ['echo', 'a b']],
  ])('splits %s', (line, argv) => expect(splitCommand(line)).toEqual({ ok: true, argv }))

  it.each(['cat x | grep y', 'a; b', 'echo $HOME', 'a && b', 'a > b', 'echo `id`', 'echo "open', '  '])(
    'refuses %s, because nothing would interpret it',
    (line) => {
      expect(splitCommand(line).ok).toBe(false)
    },
  )
})
