import { describe, expect, it } from 'vitest'
import { docProblems } from './docs.mjs'

const project = {
  has: (target) => ['README.md', 'docs', 'docs/demo.md', 'apps/worker', 'scripts/start.mjs'].includes(target),
  scripts: new Set(['start', 'test']),
}
const messages = (file, text) => docProblems(new Map([[file, text]]), project).map(({ message }) => message)

describe('documents', () => {
  it('finds an npm command that does not exist, in code only', () => {
    expect(messages('README.md', 'Run `npm run launch`.')).toEqual(['there is no npm script "launch"'])
    expect(messages('README.md', '```\nnpm start\nnpm ci\nnpm launch\n```')).toEqual([
      'there is no npm script "launch"',
    ])
    expect(messages('README.md', 'It needs only Node and npm to run, and npm launches nothing.')).toEqual([])
  })

  it('finds a path that does not exist', () => {
    expect(messages('README.md', 'See `apps/worker/` and `scripts/start.mjs`.')).toEqual([])
    expect(messages('README.md', 'one\nSee `apps/gone/main.ts`.')).toEqual(['there is no apps/gone/main.ts'])
  })

  it('finds a link that leads nowhere, seen from its document', () => {
    expect(messages('docs/demo.md', '[back](../README.md#start) [web](https://example.com)')).toEqual([])
    expect(messages('docs/demo.md', '[back](README.md)')).toEqual(['the link to README.md leads nowhere'])
  })
})
