import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { spawn, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explain } from './failure.mjs'
import { openLog } from './log-file.mjs'
import { checkPorts, claim } from './machine.mjs'
import { readOptions, ROOT } from './options.mjs'
import { installationSecrets } from './secrets.mjs'

describe('what a start checks before it does anything', () => {
  let folder
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-start-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('takes ports, host and addresses from the environment', () => {
    expect(readOptions([], {})).toMatchObject({
      port: 3000,
      gatewayPort: 3001,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      demo: true,
      dev: false,
    })
    expect(readOptions(['--no-demo'], { PORT: '4000' })).toMatchObject({ gatewayPort: 4001, demo: false })
    expect(readOptions([], { PUBLIC_URL: 'https://gpus.example.com' }).publicUrl).toBe('https://gpus.example.com')
  })

  it.each([
    [[], { PORT: 'http' }, 'PORT is "http", which is no port: give a number between 1 and 65535.'],
    [[], { PORT: '70000' }, 'PORT is "70000", which is no port'],
    [[], { PORT: '4000', GATEWAY_PORT: '4000' }, 'PORT and GATEWAY_PORT are both 4000'],
    [['--fast'], {}, "Unknown option '--fast'; it knows --no-demo"],
  ])('refuses %j with %j in one sentence', (argv, env, sentence) => {
    expect(() => readOptions(argv, env)).toThrow(sentence)
  })

  it('names a port that is in use and how to choose another', async () => {
    const server = net.createServer()
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address()
    const where = { port, host: '127.0.0.1', gatewayPort: 0, gatewayHost: '127.0.0.1' }
    await expect(checkPorts(where)).rejects.toThrow(
      new RegExp(`^Port ${port} is in use by another program: .*PORT=\\d+ npm start`),
    )
    await new Promise((resolve) => server.close(resolve))
    await expect(checkPorts(where)).resolves.toBeUndefined()
  })

  it('refuses a second start over the same folder, and takes over from one that died', async () => {
    const running = { dataDir: folder, publicUrl: 'http://localhost:3000' }
    const file = path.join(folder, 'start.mjs')
    await writeFile(file, 'setInterval(() => {}, 1000)')
    const first = spawn(process.execPath, [file], { stdio: 'ignore' })
    await writeFile(path.join(folder, 'running.json'), JSON.stringify({ pid: first.pid, url: running.publicUrl }))
    const sentence = `Clawbernetes already runs from this folder, at http://localhost:3000 (process ${first.pid}).`
    await expect(claim(running)).rejects.toThrow(sentence)
    const gone = new Promise((resolve) => first.once('close', resolve))
    first.kill('SIGKILL')
    await gone
    const release = await claim(running)
    await release()
  })

  it('makes the secrets once, for its owner alone', async () => {
    const first = await installationSecrets(folder)
    expect(first.authSecret.length).toBeGreaterThanOrEqual(43)
    expect(await installationSecrets(folder)).toEqual(first)
    expect((await stat(path.join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600)
    await writeFile(path.join(folder, 'secrets.json'), '{')
    await expect(installationSecrets(folder)).rejects.toThrow('secrets.json cannot be read')
  })

  it('says a full disk in a sentence', () => {
    expect(explain(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toBe(
      'The disk is full: free some space and start again.',
    )
  })

  it('sets a grown log aside', async () => {
    const file = path.join(folder, 'web.log')
    const log = openLog(file)
    const line = 'x'.repeat(1024 * 1024)
    for (let i = 0; i < 21; i++) log.write(line)
    log.close()
    log.write('after the end')
    expect((await stat(`${file}.1`)).size).toBeGreaterThan(19 * 1024 * 1024)
    expect((await readFile(file, 'utf8')).startsWith('xxx')).toBe(true)
  })

  it('tells an old Node so', async () => {
    const source = await readFile(path.join(ROOT, 'scripts/start.mjs'), 'utf8')
    const file = path.join(folder, 'start.mjs')
    await writeFile(file, `Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } })\n${source}`)
    const { stderr, status } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
    expect(stderr).toBe('Clawbernetes needs Node 20.19 or newer, and this is Node 18.20.4.\n')
    expect(status).toBe(1)
  })
})
