import { expect, it } from 'vitest'
import { splitMarkdown } from './markdown-blocks'

const sources = (text: string, streaming = false) => splitMarkdown(text, streaming).map((block) => block.source)

it('cuts at blank lines and keeps fences whole', () => {
  expect(sources('One\ntwo\n\n```sh\na\n\nb\n```\nthree')).toEqual(['One\ntwo', '```sh\na\n\nb\n```', 'three'])
})
it('keeps earlier blocks identical while text grows, so that they are not parsed again', () => {
  const grown = sources('First.\n\nSecond goes', true)
  expect(sources('First.\n\nSec', true)[0]).toBe(grown[0])
})
it('shows an unfinished fence or table as plain text only while streaming', () => {
  expect(splitMarkdown('```\nab', true).at(-1)?.open).toBe(true)
  expect(splitMarkdown('```\nab', false).at(-1)?.open).toBe(false)
  expect(splitMarkdown('Here:\n| a | b |', true).at(-1)).toEqual({ source: '| a | b |', open: true })
  expect(splitMarkdown('| a |\n|---|\n| 1 |\n\nnext', true)[0]?.open).toBe(false)
})
it('is not closed by a shorter or different fence', () => {
  expect(sources('````\n```\nx\n````')).toEqual(['````\n```\nx\n````'])
})
it('gives nothing for nothing', () => {
  expect(sources('\n \n')).toEqual([])
})
