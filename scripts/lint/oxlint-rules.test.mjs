import { rm } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('oxlint', () => {
  let folder
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'planted-'))
    const settings = { extends: path.join(root, 'tsconfig.base.json'), compilerOptions: { types: [] }, include: ['*'] }
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(settings))
  })
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

  function rulesBrokenBy(files) {
    for (const [name, source] of Object.entries(files)) writeFileSync(path.join(folder, name), source)
    const args = [
      '-c',
      path.join(root, '.oxlintrc.json'),
      '--type-aware',
      '--no-ignore',
      '--format=json',
      ...Object.keys(files),
    ]
    const env = { ...process.env, OXLINT_TSGOLINT_PATH: path.join(root, 'node_modules/.bin/tsgolint') }
    const { stdout } = spawnSync(path.join(root, 'node_modules/.bin/oxlint'), args, {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    for (const name of Object.keys(files)) rmSync(path.join(folder, name))
    return JSON.parse(stdout).diagnostics.map(({ code }) => code)
  }

  it.each([
    ['any', 'export const value = (x: any): unknown => x\n', 'no-explicit-any'],
    [
      'a promise nobody waits for',
      'async function work() {}\nexport function start() {\n  work()\n}\n',
      'no-floating-promises',
    ],
    ['a file of more than 400 lines', 'export {}\n'.padEnd(411, '\n'), 'max-lines'],
    ['a function of more than 80 lines', `export function long() {${'\n'.repeat(81)}}\n`, 'max-lines-per-function'],
    ['a silenced compiler', '// @ts-ignore\nexport const value: number = 1\n', 'ban-ts-comment'],
    ['unfinished work', `// ${'TO'}DO later\nexport {}\n`, 'no-warning-comments'],
    ['a variable nobody reads', 'const unused = 1\nexport {}\n', 'no-unused-vars'],
  ])('refuses %s', (_, source, rule) => {
    expect(rulesBrokenBy({ 'planted.ts': source }).join()).toContain(rule)
  })

  it('refuses a circle of imports', () => {
    const files = {
      'one.ts': `import { two } from './two'\nexport const one = () => two\n`,
      'two.ts': `import { one } from './one'\nexport const two = () => one\n`,
    }
    expect(rulesBrokenBy(files).join()).toContain('no-cycle')
  })

  it('refuses a skipped test', () => {
    const source = `import { it } from 'vitest'\nit.${'skip'}('does nothing', () => {})\n`
    expect(rulesBrokenBy({ 'planted.test.ts': source }).join()).toContain('no-disabled-tests')
  })

  it('accepts clean code', () => {
    expect(rulesBrokenBy({ 'clean.ts': 'export const double = (x: number): number => x * 2\n' })).toEqual([])
  })
})
