import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinScript, shellQuote } from './join-script'

const dir = mkdtempSync(join(tmpdir(), 'join-script-'))
const agentFile = join(dir, 'agent.mjs')
const agent = 'console.log(JSON.stringify(process.argv.slice(2)))\n'
const sha256 = createHash('sha256').update(agent).digest('hex')

function run(script: string, args: string[], home: string) {
  return spawnSync('sh', ['-s', '--', ...args], {
    input: script,
    encoding: 'utf8',
    env: { ...process.env, CLAWBERNETES_HOME: home },
  })
}

describe('the join script', () => {
  beforeAll(() => writeFileSync(agentFile, agent))
  afterAll(() => execFileSync('rm', ['-rf', dir]))

  it('fetches, checks and starts the agent with the token and the gateway', () => {
    const home = join(dir, 'home with space')
    const script = joinScript({ fileUrl: pathToFileURL(agentFile).href, sha256, gatewayUrl: 'http://gw:3001' })
    const { status, stdout } = run(script, ['--token', 'cbj_abc', '--name', "it's"], home)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual(['join', '--gateway', 'http://gw:3001', '--token', 'cbj_abc', '--name', "it's"])
    expect(readFileSync(join(home, 'clawbernetes-node.mjs'), 'utf8')).toBe(agent)
  })
  it('starts nothing when the checksum differs', () => {
    const home = join(dir, 'other')
    const script = joinScript({
      fileUrl: pathToFileURL(agentFile).href,
      sha256: '0'.repeat(64),
      gatewayUrl: 'http://gw',
    })
    const { status, stdout, stderr } = run(script, ['--token', 'x'], home)
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('does not have the expected checksum')
  })
  it('runs nothing when the download of the script itself breaks off', () => {
    const script = joinScript({ fileUrl: pathToFileURL(agentFile).href, sha256, gatewayUrl: 'http://gw' })
    const { stdout } = run(script.slice(0, script.lastIndexOf('main "$@"')), ['--token', 'x'], join(dir, 'half'))
    expect(stdout).toBe('')
  })
  it('cannot be broken out of by an address', () => {
    expect(shellQuote("a'; rm -rf /; '")).toBe("'a'\\''; rm -rf /; '\\'''")
  })
})
