import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { detectRuntimes } from './detect'

let folder: string
const servers: http.Server[] = []
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clawbernetes-detect-'))
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(folder, { recursive: true })
})

/** An engine as far as its version and settings, on a real socket. */
async function fakeEngine(name: string, version: object, info: object = {}): Promise<string> {
  const socket = path.join(folder, name)
  const server = http.createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.url?.includes('/version') ? version : info))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return `unix://${socket}`
}
const DOCKER = { Version: '26.1.5', Components: [{ Name: 'Engine', Version: '26.1.5' }] }
const PODMAN = { Version: '4.3.1', Components: [{ Name: 'Podman Engine', Version: '4.3.1' }] }

const detect = async (engine: string, lines: string[] = []) => {
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) }
  const runtimes = await detectRuntimes({ stateDir: folder, owner: 'test', log, engine, env: {}, supervisor: ['true'] })
  const container = runtimes.find((runtime) => runtime.kind === 'container')
  return (await container?.describe()) ?? null
}

describe('finding what a machine can run', () => {
  it('tells Docker from Podman, and their versions', async () => {
    expect(await detect(await fakeEngine('docker.sock', DOCKER, { CDISpecDirs: [] }))).toMatchObject({
      engine: 'docker',
      version: '26.1.5',
    })
    expect(await detect(await fakeEngine('podman.sock', PODMAN))).toMatchObject({ engine: 'podman', version: '4.3.1' })
  })

  it('keeps to the engine it has used, also while that does not answer', async () => {
    const socket = await fakeEngine('docker.sock', DOCKER)
    await detect(socket)
    expect(await detect('')).toMatchObject({ engine: 'docker' })
    servers.splice(0)[0]?.close()
    const lines: string[] = []
    expect(await detect('', lines)).toMatchObject({ engine: 'docker', version: '26.1.5' })
    expect(lines.join()).toContain('does not answer yet')
  })

  it('runs no containers where none are wanted or nothing answers', async () => {
    const lines: string[] = []
    expect(await detect('none')).toBeNull()
    expect(await detect(`unix://${folder}/nothing.sock`, lines)).toBeNull()
    expect(lines.join()).toContain('No container engine answers')
  })
})
