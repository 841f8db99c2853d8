import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseRocm } from './rocm-report'

const fixture = readFileSync(new URL('../../../fixtures/rocm-smi.rocm63.json', import.meta.url), 'utf8')

it('reads the newer names, behind a warning', () => {
  const report = parseRocm(fixture)
  expect(report?.driverVersion).toBe('6.10.5')
  expect(report?.gpus[0]?.inventory).toMatchObject({
    uuid: 'GPU-0000000000abc123',
    model: 'MI300X',
    memoryMib: 196592,
    powerLimitW: 750,
    serial: '692000000000',
    linkDomain: 'xgmi-0',
  })
  expect(report?.gpus[0]?.sample).toMatchObject({
    utilPct: 100,
    memUtilPct: 31,
    memUsedMib: 163171,
    tempC: 48,
    powerW: 612,
    smClockMhz: 2100,
    throttleMask: null,
    readability: 'ok',
  })
  expect(report?.gpus[0]?.counters).toEqual([
    { uuid: 'GPU-0000000000abc123', kind: 'pcie-replay', location: 'total', scope: 'volatile', value: 2 },
  ])
})

it('fails closed on an error value and names a card without an id by its slot', () => {
  const card = parseRocm(fixture)?.gpus[1]
  expect(card?.inventory.uuid).toBe('AMD-0000:22:00.0')
  expect(card?.sample).toMatchObject({
    utilPct: null,
    memUsedMib: null,
    tempC: null,
    powerW: null,
    readability: 'unreadable',
  })
})

it('makes nothing of what is not JSON', () => {
  expect(parseRocm('ERROR: GPU[0] : sclk clock is unsupported')).toBeNull()
  expect(parseRocm('{"card0": ')).toBeNull()
})
