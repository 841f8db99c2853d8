import { expect, test } from 'vitest'
import { completed, completionAt, withoutCommand } from './suggest'

const at = (text: string) => completionAt(text, text.length)

test('a slash at the start asks for skills, anywhere else it is a path', () => {
  expect(at('/gpu')).toEqual({ kind: 'skill', typed: 'gpu', start: 0, end: 4 })
  expect(at('train on /data')).toBeNull()
  expect(at('/data/training')).toBeNull()
})

test('an at sign asks for a thing of the fleet, an address does not', () => {
  expect(at('drain @node')).toEqual({ kind: 'mention', typed: 'node', start: 6, end: 11 })
  expect(at('@')).toMatchObject({ kind: 'mention', typed: '' })
  expect(at('mail ana@corp')).toBeNull()
})

test('only the words before the caret count', () => {
  expect(completionAt('look at @no today', 11)).toMatchObject({ typed: 'no', start: 8, end: 11 })
})

test('a pick replaces what was typed and leaves the rest', () => {
  const text = 'look at @no today'
  const completion = completionAt(text, 11)
  expect(completion && completed(text, completion, 'node-06')).toEqual({ text: 'look at node-06 today', caret: 16 })
})

test('a skill alone asks for its help; with words, the words go', () => {
  const skills = ['gpu-diagnose']
  expect(withoutCommand('/gpu-diagnose', skills)).toBe('help gpu-diagnose')
  expect(withoutCommand('/gpu-diagnose gpu 3 is slow', skills)).toBe('gpu 3 is slow')
  expect(withoutCommand('/data is full', skills)).toBe('/data is full')
})
