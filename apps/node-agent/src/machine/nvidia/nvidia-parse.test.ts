import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { computeApps } from './compute-apps'
import { parseCsv, unknownField, unopenable } from './csv'
import { gpuRows, throttleMask } from './gpu-query'
import { inventoryOf } from './nvidia-driver'
import { parseReport } from './report'
import { nvlinkGroups } from './topology'
import { flagValue, numberValue, textValue } from './values'

const fixture = (name: string) => readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8')
const NOTHING = {
  utilPct: null,
  memUtilPct: null,
  memUsedMib: null,
  tempC: null,
  tempMarginC: null,
  powerW: null,
  smClockMhz: null,
  throttleMask: null,
}

describe('values', () => {
  it('never turns what was not told into a number', () => {
    const nothing = [
      '',
      ' ',
      'N/A',
      '[N/A]',
      '[Not Supported]',
      'Not Supported',
      '[Requested functionality has been deprecated]',
      '[Unknown Error]',
      'ERR!',
      '[GPU is lost]',
      '[Insufficient Permissions]',
    ]
    expect(nothing.map(numberValue)).toEqual(nothing.map(() => null))
    expect(nothing.map(textValue)).toEqual(nothing.map(() => null))
    expect(nothing.map(flagValue)).toEqual(nothing.map(() => null))
  })
  it('reads numbers with any unit', () => {
    expect(['81559 MiB', '-2 C', '69.85 W', '16x', '0 %', '345 MHz', '0 us', '2560 bank(s)'].map(numberValue)).toEqual([
      81559, -2, 69.85, 16, 0, 345, 0, 2560,
    ])
  })
})

describe('the quick query', () => {
  const rows = gpuRows(parseCsv(fixture('nvidia-query-mixed.csv')) ?? { header: [], rows: [] })
  it('tells busy, throttled, unreadable, lost, in need of a reset, silent and MIG apart', () => {
    expect(rows.map((row) => row.sample.readability)).toEqual([
      'ok',
      'ok',
      'unreadable',
      'lost',
      'requires-reset',
      'ok',
      'ok',
    ])
    expect(rows[0]?.sample).toMatchObject({
      utilPct: 97,
      memUsedMib: 61440,
      tempC: 71,
      tempMarginC: null,
      powerW: 388.14,
      smClockMhz: 1335,
      throttleMask: 4,
    })
    expect(rows[1]?.sample).toMatchObject({ tempC: 91, tempMarginC: -2, throttleMask: 0x48 })
    expect(rows[2]?.sample).toEqual({ ...NOTHING, readability: 'unreadable' })
    expect(rows[3]?.sample).toEqual({ ...NOTHING, readability: 'lost' })
    expect(rows[5]?.sample).toEqual({ ...NOTHING, memUsedMib: 0, tempC: 36, smClockMhz: 210, readability: 'ok' })
    expect(rows[6]?.sample).toMatchObject({ utilPct: null, memUsedMib: 59, tempMarginC: 45, throttleMask: 1 })
  })
  it('carries counters only where the driver gives them', () => {
    const of = (i: number) =>
      rows[i]?.counters.filter((c) => c.value > 0).map((c) => [c.kind, c.location, c.scope, c.value])
    expect(of(0)).toEqual([
      ['ecc-corrected', 'total', 'volatile', 47],
      ['ecc-corrected', 'dram', 'volatile', 47],
      ['remapped-correctable', 'total', 'aggregate', 2],
      ['remap-pending', 'total', 'aggregate', 1],
    ])
    expect(of(1)?.map(([kind]) => kind)).toEqual([
      'ecc-uncorrected',
      'ecc-uncorrected',
      'remapped-uncorrectable',
      'remap-failure',
    ])
    expect([2, 3, 4, 5].map((i) => rows[i]?.counters)).toEqual([[], [], [], []])
  })
  it('knows what the driver wants done; only a reset or reboot makes a GPU unusable', () => {
    expect(rows.map((row) => row.recoveryAction)).toEqual([0, 0, 0, null, 1, null, 4])
  })
  it('leaves out throttle bits it does not know', () => {
    expect(throttleMask('0x0000000000000201')).toBe(1)
    expect([throttleMask('Active'), throttleMask(null)]).toEqual([null, null])
  })
  it('reads the sentences a broken driver prints instead of a table', () => {
    const lost =
      'Unable to determine the device handle for GPU 0000:4B:00.0: GPU is lost.  Reboot the system to recover this GPU\n'
    const unknown = 'Unable to determine the device handle for GPU2: 0000:CA:00.0: Unknown Error\n'
    expect(unopenable(lost + unknown)).toEqual([
      { busId: '0000:4B:00.0', verdict: 'lost' },
      { busId: '0000:CA:00.0', verdict: 'unreadable' },
    ])
    expect(parseCsv('Failed to initialize NVML: Driver/library version mismatch\n')).toBeNull()
    expect(unknownField('Field "clocks_event_reasons.active" is not a valid field to query.\n')).toBe(
      'clocks_event_reasons.active',
    )
  })
  it('reads process names with commas', () => {
    expect(computeApps(fixture('nvidia-compute-apps.csv'))).toMatchObject([
      { pid: 4711, name: 'python3 -m train --layers 1, 2, 3', memUsedMib: 61440 },
      { pid: 4712, name: '', memUsedMib: null },
    ])
  })
})

describe('the full report', () => {
  it('reads XML with absolute limits', () => {
    const report = parseReport(fixture('nvidia-report.v12.xml'))
    expect([report?.driverVersion, report?.cudaVersion]).toEqual(['550.90.07', '12.4'])
    const [first, second] = report?.gpus ?? []
    expect(first && inventoryOf(first, 0, null)).toMatchObject([
      {
        model: 'A100-80GB',
        slowdownTempC: 89,
        shutdownTempC: 92,
        slowdownMarginC: null,
        powerLimitW: 400,
        migEnabled: false,
        serial: '1320000000001',
        linkDomain: '5f1d7a90-0000-4000-8000-00000000abcd/7',
        readability: 'ok',
      },
    ])
    expect(
      first?.counters.filter((c) => c.value > 0).map((c) => `${c.kind} ${c.location} ${c.scope} ${c.value}`),
    ).toEqual([
      'ecc-corrected total volatile 47',
      'ecc-corrected dram volatile 47',
      'ecc-corrected total aggregate 60',
      'ecc-corrected sram aggregate 1',
      'ecc-corrected dram aggregate 59',
      'remapped-correctable total aggregate 2',
      'remap-pending total aggregate 1',
      'pcie-replay total volatile 3',
    ])
    expect(second).toMatchObject({ serial: null, readability: 'requires-reset', counters: [] })
  })
  it('reads indented text with margins, and keeps the parts of MIG devices apart from the GPU', () => {
    const [gpu] = parseReport(fixture('nvidia-report.margins.txt'))?.gpus ?? []
    expect(gpu).toMatchObject({
      memoryMib: 81559,
      slowdownTempC: null,
      shutdownTempC: null,
      slowdownMarginC: -2,
      powerLimitW: 700,
      migEnabled: true,
      recoveryAction: 4,
      readability: 'ok',
    })
    expect(gpu?.counters.find((c) => c.kind === 'ecc-uncorrected' && c.location === 'sram')?.value).toBe(3)
    expect(gpu?.counters.some((c) => c.kind === 'remap-pending')).toBe(false)
  })
  it('makes nothing of a report that is cut off', () => {
    const xml = fixture('nvidia-report.v12.xml')
    expect(parseReport(xml.slice(0, xml.length / 2))).toBeNull()
    expect(parseReport('')).toBeNull()
    expect(parseReport('<html>')).toBeNull()
  })
  it('finds NVLink groups behind colour codes', () => {
    expect([...nvlinkGroups(fixture('nvidia-topology.txt'))]).toEqual([
      [1, 'nvlink-0'],
      [0, 'nvlink-0'],
      [3, 'nvlink-2'],
      [2, 'nvlink-2'],
    ])
  })
})
