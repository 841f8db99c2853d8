import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { GpuCounter } from '@clawbernetes/protocol/node/telemetry'
import { describe, expect, it } from 'vitest'
import { parseRocm } from '../src/machine/amd/rocm-report'
import { kernelEvent, parseKernelLine } from '../src/machine/kernel/kernel-line'
import { computeApps } from '../src/machine/nvidia/compute-apps'
import { parseCsv } from '../src/machine/nvidia/csv'
import { gpuRows } from '../src/machine/nvidia/gpu-query'
import { inventoryOf } from '../src/machine/nvidia/nvidia-driver'
import { type GpuReport, parseReport } from '../src/machine/nvidia/report'
import { nvlinkGroups } from '../src/machine/nvidia/topology'

/** Outputs captured on real machines, kept beside the repository where they are at hand; the same formats are in fixtures/. */
const FOLDER = fileURLToPath(new URL('../../../../shared/samples/', import.meta.url))
const sample = (name: string) => readFileSync(`${FOLDER}${name}`, 'utf8')

/** Sections of a capture, by title. */
function sections(name: string): Map<string, string> {
  const parts = sample(name).split(/^#{80}\n# (.*)\n(?:# \$ .*\n)?#{80}\n/m)
  return new Map(
    Array.from({ length: (parts.length - 1) / 2 }, (_, i) => [parts[2 * i + 1] ?? '', parts[2 * i + 2] ?? '']),
  )
}

const inventory = (gpu: GpuReport | undefined) => (gpu ? inventoryOf(gpu, 0, null)[0] : undefined)
const nonZero = (counters: Omit<GpuCounter, 'uuid'>[]) =>
  counters.filter((c) => c.value > 0).map((c) => `${c.kind} ${c.value}`)

describe.skipIf(!existsSync(FOLDER))('captured outputs', () => {
  const H100 = {
    model: 'H100-80GB',
    memoryMib: 81559,
    slowdownMarginC: -2,
    slowdownTempC: null,
    powerLimitW: 700,
    pciBusId: '00000000:00:09.0',
    readability: 'ok',
  }
  it.each([
    [
      'capture.nvidia-h100-80gb-hbm3__590.48.01.txt',
      { ...H100, migEnabled: false },
      { idle: [0, 0, 0, 41, 46, 69.85, 345, 1], load: [100, 11, 19818, 59, 26, 631.95, 1980, 0] },
      [2566, 1542, 15690],
      '590.48.01',
      'pcie-replay 9',
    ],
    [
      'capture.nvidia-h100-mig__590.48.01.txt',
      { ...H100, migEnabled: true },
      { idle: [null, null, 59, 42, 45, 71.15, 345, 1], load: [null, null, 11125, 53, 24, 433.78, 1980, 0] },
      [2296, 1272, 7484],
      '590.48.01',
      'pcie-replay 9',
    ],
    [
      'capture.nvidia-h200__590.48.01.txt',
      { model: 'H200', memoryMib: 143771, slowdownMarginC: -2, powerLimitW: 700, migEnabled: false },
      { idle: [0, 0, 0, 28, 59, 77.71, 345, 1], load: [100, 7, 32362, 52, 35, 627.4, 1980, 0] },
      [2566, 1542, 28234],
      '590.48.01',
      undefined,
    ],
    [
      'capture.nvidia-l40s__595.80.txt',
      { model: 'L40S', memoryMib: 46068, slowdownMarginC: -2, powerLimitW: 350, migEnabled: null },
      { idle: [100, 9, 0, 63, 25, 144.97, 2520, 0], load: [9, 2, 1235, 54, 34, 110.23, 2520, 0] },
      [538, 681],
      '595.80',
      undefined,
    ],
  ])('%s', (name, facts, readings, appsMib, driver, counter) => {
    const parts = sections(name)
    for (const when of ['idle', 'load'] as const) {
      const report = parseReport(parts.get(`${when} :: query (-q)`) ?? '')
      expect(report?.driverVersion).toBe(driver)
      expect(inventory(report?.gpus[0])).toMatchObject(facts)
      expect(nonZero(report?.gpus[0]?.counters ?? [])).toEqual(counter ? [counter] : [])
      const [row, ...others] = gpuRows(
        parseCsv(parts.get(`${when} :: query-gpu (csv, what the exporter parses)`) ?? '') ?? { header: [], rows: [] },
      )
      expect(others).toEqual([])
      const s = row?.sample
      expect([
        s?.utilPct,
        s?.memUtilPct,
        s?.memUsedMib,
        s?.tempC,
        s?.tempMarginC,
        s?.powerW,
        s?.smClockMhz,
        s?.throttleMask,
      ]).toEqual(readings[when])
      expect([s?.readability, row?.recoveryAction, nonZero(row?.counters ?? [])]).toEqual(['ok', 0, []])
      // Every error count that the two outputs have in common is the same in both.
      const key = (c: Omit<GpuCounter, 'uuid'>) => `${c.kind} ${c.location} ${c.scope} ${c.value}`
      expect(row?.counters.length).toBeGreaterThanOrEqual(12)
      expect(
        (report?.gpus[0]?.counters ?? [])
          .filter((c) => c.kind !== 'pcie-replay')
          .map(key)
          .sort(),
      ).toEqual(row?.counters.map(key).sort())
    }
    expect(computeApps(parts.get('idle :: query-compute-apps (per-process)') ?? '')).toEqual([])
    expect(
      computeApps(parts.get('load :: query-compute-apps (per-process)') ?? '').map((app) => app.memUsedMib),
    ).toEqual(appsMib)
    expect(nvlinkGroups(parts.get('capabilities :: topo -m') ?? '').size).toBe(0)
  })

  it.each([
    [
      'nvidia-smi-q-x.a100-sxm4.driver-v12.xml',
      {
        model: 'A100-80GB',
        slowdownTempC: 89,
        shutdownTempC: 92,
        slowdownMarginC: null,
        powerLimitW: 500,
        migEnabled: true,
        serial: '1650522003820',
      },
      13,
    ],
    [
      'nvidia-smi-q-x.tesla-t4.v11.xml',
      { model: 'T4', slowdownTempC: 93, shutdownTempC: 96, slowdownMarginC: null, powerLimitW: 70, migEnabled: null },
      13,
    ],
    [
      'nvidia-smi-q-x.rtx3080.v12.xml',
      {
        model: 'RTX-3080',
        slowdownTempC: 95,
        shutdownTempC: 98,
        slowdownMarginC: null,
        powerLimitW: 336,
        serial: null,
      },
      1,
    ],
    [
      'nvidia-smi-q-x.rtx4000-sff-ada.v13.xml',
      { model: 'RTX-4000-SFF-Ada', slowdownTempC: null, shutdownTempC: null, slowdownMarginC: -2, powerLimitW: 70 },
      5,
    ],
  ])('%s', (name, facts, counters) => {
    const report = parseReport(sample(name))
    expect(report?.gpus).toHaveLength(1)
    expect(inventory(report?.gpus[0])).toMatchObject({ ...facts, readability: 'ok' })
    expect(report?.gpus[0]?.counters).toHaveLength(counters)
    expect(nonZero(report?.gpus[0]?.counters ?? [])).toEqual([])
  })

  it('nvidia-smi-query-gpu.rtx.csv: what was not asked for is not told', () => {
    const rows = gpuRows(parseCsv(sample('nvidia-smi-query-gpu.rtx.csv')) ?? { header: [], rows: [] })
    expect(
      rows.map((row) => [row.name, row.sample.memUsedMib, row.sample.utilPct, row.sample.powerW, row.counters.length]),
    ).toEqual([
      ['NVIDIA GeForce RTX 2080 SUPER', 575, null, null, 0],
      ['Some Other GPU', 1234, null, null, 0],
    ])
  })

  it('rocm-smi-json.mi100.rocm602.json', () => {
    const report = parseRocm(sample('rocm-smi-json.mi100.rocm602.json'))
    expect(report?.driverVersion).toBe('6.3.6')
    expect(
      report?.gpus.map((gpu) => [
        gpu.inventory.model,
        gpu.inventory.memoryMib,
        gpu.inventory.uuid.length,
        gpu.inventory.linkDomain,
      ]),
    ).toEqual(Array(4).fill(['MI100', 32752, 20, null]))
    expect(report?.gpus[0]?.sample).toMatchObject({
      utilPct: 0,
      memUsedMib: 6,
      tempC: 55,
      powerW: 36,
      smClockMhz: 300,
      readability: 'ok',
    })
  })

  it('kernel logs', () => {
    const events = (name: string) =>
      sample(name)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .flatMap((line) => {
          const parsed = parseKernelLine(line, 0)
          const event = kernelEvent(parsed.message)
          return event ? [{ ...event, ...parsed }] : []
        })
    expect(new Set(events('dmesg-xid-119.h100.log').map((e) => `${e.kind} ${e.code} ${e.pciBusId}`))).toEqual(
      new Set(['xid 119 0000:9b:00']),
    )
    const burst = events('dmesg-xid13-iso.h100.log').filter((e) => e.kind === 'xid')
    expect(burst.length).toBe(sample('dmesg-xid13-iso.h100.log').match(/Xid/g)?.length)
    expect(burst[0]?.atMs).toBe(Date.UTC(2025, 0, 21, 4, 41, 44, 283))
    expect(events('kmsg-nvswitch.log')).toEqual([])
    expect(events('kmsg-peermem.log')).toEqual([])
    const quoted = sample('xid-lines.gpud.txt')
      .split('\n')
      .filter((line) => !line.startsWith('#') && /Xid \((?:PCI:)?[0-9a-f:.]+\): \d+/i.test(line)).length
    expect(events('xid-lines.gpud.txt').filter((e) => e.kind === 'xid')).toHaveLength(quoted)
  })
})
