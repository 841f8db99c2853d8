import { describe, expect, it } from 'vitest'
import { understand } from './understand'

const say = (utterance: string) => understand({ utterance, context: null, inventory: { nodes: ['cpu-1', 'gpu-box'] } })

describe('a command between backticks', () => {
  it.each([
    ['run `sleep 30` on cpu-1', 'sleep 30', ['cpu-1']],
    ['please execute `drain the swamp` on gpu-box', 'drain the swamp', ['gpu-box']],
    ['run the job `python prep.py --size 4` on all nodes', 'python prep.py --size 4', 'all'],
  ])('is run to the letter: %s', (text, command, nodes) => {
    expect(say(text)).toMatchObject({ intent: 'run_batch', slots: { command, nodes } })
  })

  it.each(['what does `nvidia-smi` say?', 'don`t stop train-a', 'why did `python prep.py` fail'])(
    'is not run because it is mentioned: %s',
    (text) => {
      expect(say(text).intent).not.toBe('run_batch')
    },
  )

  it('does not slip past the guard', () => {
    expect(say('run `rm -rf /` on cpu-1').intent).toBe('refuse')
  })
})
