import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { joinScript, shellQuote } from './join-script'

// What keeps this code out of browsers; here it runs as the server runs it.
vi.mock('server-only', () => ({}))

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
    expect(JSON.parse(stdout)).toEqual(['join', '--server', 'http://gw:3001', '--token', 'cbj_abc', '--name', "it's"])
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
  it('needs a Node.js that is there and new enough, and says what to do', () => {
    const bin = join(dir, 'bin')
    mkdirSync(bin)
    for (const tool of ['sh', 'mkdir', 'rm', 'chmod', 'mv']) symlinkSync(`/bin/${tool}`, join(bin, tool))
    const script = joinScript({ fileUrl: pathToFileURL(agentFile).href, sha256, gatewayUrl: 'http://gw' })
    const on = (path: string) =>
      spawnSync('/bin/sh', ['-s', '--', '--token', 'x'], {
        input: script,
        encoding: 'utf8',
        env: { NODE_ENV: 'test', PATH: path, HOME: dir },
      })
    expect(on(bin)).toMatchObject({ status: 1, stderr: expect.stringContaining('https://nodejs.org/en/download') })
    writeFileSync(join(bin, 'node'), '#!/bin/sh\n[ "$1" = --version ] && echo v18.20.0\nexit 1\n', { mode: 0o755 })
    expect(on(bin)).toMatchObject({ status: 1, stderr: expect.stringContaining('this machine has v18.20.0') })
  })
  it('is plain POSIX sh', () => {
    const script = joinScript({ fileUrl: 'http://web/x', sha256, gatewayUrl: 'http://gw' })
    const shell = existsSync('/bin/dash') ? '/bin/dash' : '/bin/sh'
    expect(spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
  it('cannot be broken out of by an address', () => {
    expect(shellQuote("a'; rm -rf /; '")).toBe("'a'\\''; rm -rf /; '\\'''")
  })
})
