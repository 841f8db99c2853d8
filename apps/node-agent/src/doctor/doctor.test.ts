import { rm } from 'node:fs/promises'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { examine } from '../cli/doctor'
import { engine, enginesSeen, gpuForContainers } from './engine-checks'
import { clock, gateway } from './gateway-checks'
import { cgroups, disk, gpuDriver, gpusOnBus, nodeVersion } from './machine-checks'

const folder = mkdtempSync(join(tmpdir(), 'clawbernetes-doctor-'))
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

describe('doctor', () => {
  it('wants Node.js 20.19 or newer', () => {
    expect(['20.18.1', '18.20.0', '20.19.0', '22.3.0'].map((v) => nodeVersion(v).state)).toEqual([
      'fail',
      'fail',
      'ok',
      'ok',
    ])
  })

  it('sees GPUs on the bus that no driver serves', async () => {
    const device = (name: string, vendor: string, kind: string) => {
      mkdirSync(join(folder, 'pci', name), { recursive: true })
      writeFileSync(join(folder, 'pci', name, 'vendor'), `${vendor}\n`)
      writeFileSync(join(folder, 'pci', name, 'class'), `${kind}\n`)
    }
    device('0000:17:00.0', '0x10de', '0x030200')
    device('0000:31:00.0', '0x10de', '0x030000')
    device('0000:31:00.1', '0x10de', '0x040300')
    device('0000:44:00.0', '0x1002', '0x120000')
    device('0000:00:1f.0', '0x8086', '0x060100')
    expect(gpusOnBus(join(folder, 'pci'))).toEqual({ nvidia: 2, amd: 1 })
    expect(gpusOnBus(join(folder, 'none'))).toEqual({ nvidia: 0, amd: 0 })
    const { state, fix } = await gpuDriver({ nvidia: 2, amd: 0 })
    // A machine of ours may well have a driver; without one the way to it is named.
    expect(state === 'ok' ? 'nvidia' : fix).toContain('nvidia')
  })

  it('tells a silent socket from no engine at all', async () => {
    const socketPath = join(folder, 'engine.sock')
    const server = createServer((_, res) =>
      res.end(JSON.stringify({ Version: '5.4.2', Components: [{ Name: 'Podman Engine' }] })),
    )
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
    const seen = await enginesSeen([socketPath, join(folder, 'none.sock')])
    expect(seen).toEqual([{ socketPath, kind: 'podman', version: '5.4.2' }])
    expect(engine(seen).state).toBe('ok')
    await new Promise((resolve) => server.close(resolve))
    writeFileSync(join(folder, 'stale.sock'), '')
    expect(engine(await enginesSeen([join(folder, 'stale.sock')]))).toMatchObject({ state: 'fail' })
    expect(engine([])).toMatchObject({ state: 'warn', fix: expect.stringContaining('docker.io') })
    expect((await gpuForContainers(false, seen)).state).toBe('skip')
    expect(await gpuForContainers(true, seen, [])).toMatchObject({
      state: 'fail',
      fix: expect.stringContaining('nvidia-ctk cdi generate'),
    })
  })

  it('measures the clock against the gateway, with the rounding of its header in mind', () => {
    const at = (offsetMs: number) =>
      clock(Math.floor((1_000_000_500 + offsetMs) / 1000) * 1000, 1_000_000_500, 1_000_000_520).state
    expect([0, 900, -900, -2_000, 5_000, -5_000, 120_000].map(at)).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
      'warn',
      'warn',
      'fail',
    ])
    expect(clock(0, 90_000, 90_010)).toMatchObject({
      state: 'fail',
      summary: expect.stringContaining('89.0 s ahead of'),
    })
  })

  it('says when the gateway cannot be reached, and how to look', async () => {
    const server = createServer((_, res) => res.writeHead(404).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect((await gateway(url)).map((f) => [f.id, f.state])).toEqual([
      ['gateway', 'ok'],
      ['clock', 'ok'],
    ])
    await new Promise((resolve) => server.close(resolve))
    expect(await gateway(url)).toMatchObject([{ state: 'fail', summary: expect.stringContaining('ECONNREFUSED') }])
    expect(await gateway(null)).toMatchObject([{ state: 'skip' }])
  })

  it('looks at disk and cgroups', async () => {
    expect((await disk(join(folder, 'none'))).state).toBe('fail')
    writeFileSync(join(folder, 'cgroup.controllers'), 'memory')
    expect(cgroups(folder)).toMatchObject({ state: 'ok', summary: 'cgroup v2' })
    expect(cgroups(join(folder, 'none')).state).toBe('warn')
  })

  it('gives a fix with everything that is not in order', async () => {
    const findings = await examine(join(folder, 'state'), null)
    expect(findings.length).toBeGreaterThan(6)
    for (const finding of findings)
      expect(finding.fix === null).toBe(finding.state === 'ok' || finding.state === 'skip')
  })
})
