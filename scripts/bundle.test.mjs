import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from './bundle.mjs'

describe('the node agent as one file', () => {
  let folder
  let file
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-bundle-'))
    file = (await bundle('node-agent', { into: folder }))[0]
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('runs where there is Node and nothing else', () => {
    const alone = { cwd: folder, encoding: 'utf8', env: { PATH: path.dirname(process.execPath) } }
    const { stdout, status } = spawnSync(process.execPath, [file, 'version'], alone)
    expect(stdout).toMatch(/^clawbernetes-node \d+\.\d+\.\d+/)
    expect(status).toBe(0)
  })

  it('imports nothing but what Node brings', async () => {
    const source = await readFile(file, 'utf8')
    const imported = [...source.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name]) => name.replace('node:', ''))
    expect(imported.length).toBeGreaterThan(5)
    expect(imported.filter((name) => !builtinModules.includes(name))).toEqual([])
  })

  it('comes with a checksum that sha256sum accepts, and nothing more', async () => {
    expect((await readdir(folder)).sort()).toEqual(['clawbernetes-node.mjs', 'clawbernetes-node.mjs.sha256'])
    const { stdout } = spawnSync('sha256sum', ['-c', 'clawbernetes-node.mjs.sha256'], { cwd: folder, encoding: 'utf8' })
    expect(stdout).toBe('clawbernetes-node.mjs: OK\n')
  })

  it('is refused for a target that does not exist', async () => {
    await expect(bundle('everything')).rejects.toThrow('unknown target everything')
  })
})
