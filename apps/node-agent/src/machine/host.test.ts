import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HostReader } from './host'

it('derives rates from two readings, leaves virtual interfaces out and says nothing on the first', async () => {
  const proc = mkdtempSync(join(tmpdir(), 'clawbernetes-proc-'))
  mkdirSync(join(proc, 'net'))
  const put = (busy: number, idle: number, rx: number) => {
    writeFileSync(join(proc, 'stat'), `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1 1 1 1\n`)
    writeFileSync(
      join(proc, 'net/dev'),
      `Inter-| Receive\n face |bytes\n  lo: 999999 0 0 0 0 0 0 0 999999 0\n  eth0: ${rx} 0 0 0 0 0 0 0 ${rx * 2} 0\nveth12: ${rx * 9} 0 0 0 0 0 0 0 1 0\n`,
    )
  }
  writeFileSync(join(proc, 'meminfo'), 'MemTotal:        2097152 kB\nMemFree: 1 kB\nMemAvailable:    1048576 kB\n')
  put(100, 900, 1_000)
  const host = new HostReader('/', proc)
  expect(await host.read(10_000)).toMatchObject({ cpuPct: null, netRxBytesPerS: null, memUsedMib: 1024 })
  put(125, 975, 6_000)
  expect(await host.read(15_000)).toMatchObject({ cpuPct: 25, netRxBytesPerS: 1_000, netTxBytesPerS: 2_000 })
  // Counters that went back (an interface was made anew) are no rate.
  put(130, 1_000, 0)
  expect(await host.read(20_000)).toMatchObject({ netRxBytesPerS: null })
  rmSync(proc, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

it('describes this machine', async () => {
  const facts = await new HostReader().facts()
  expect(facts.cpuCores).toBeGreaterThan(0)
  expect(facts.memoryMib).toBeGreaterThan(100)
  expect(facts.diskTotalMib).toBeGreaterThan(100)
  expect(facts.bootId).toMatch(/^[0-9a-f-]{36}$|^boot-/)
})
