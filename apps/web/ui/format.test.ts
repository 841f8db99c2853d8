import { describe, expect, it } from 'vitest'
import * as f from './format'

const plain = (text: string) => text.replaceAll('\u202f', ' ')
const NOW = Date.UTC(2026, 10, 22, 14, 2, 30)

describe('unknown is not zero', () => {
  it.each([
    f.formatCount,
    f.formatMemory,
    f.formatBytes,
    f.formatRate,
    f.formatTemperature,
    f.formatPower,
    f.formatEnergy,
    f.formatPercent,
    f.formatMoney,
    f.formatGpuHourPrice,
    f.formatDuration,
    f.formatEstimate,
    f.formatCountdown,
    f.formatCounter,
    f.formatClock,
  ])('%o prints a dash for null, undefined and NaN', (format) => {
    for (const value of [null, undefined, Number.NaN]) expect(format(value)).toBe('—')
    expect(format(0)).not.toBe('—')
  })
  it('tells unknown, not collected and zero apart', () => {
    expect(f.formatCounter(null)).toBe('—')
    expect(f.formatCounter(null, { collected: false })).toBe('not collected')
    expect(f.formatCounter(0)).toBe('0')
    expect(f.formatCounter(35, { signed: true })).toBe('+35')
  })
})

describe('memory', () => {
  it('uses GiB with one decimal below 100, none above, TiB from 1,024 GiB', () => {
    expect(plain(f.formatMemory(71.2 * 1024))).toBe('71.2 GiB')
    expect(plain(f.formatMemory(512 * 1024))).toBe('512 GiB')
    expect(plain(f.formatMemory(2048 * 1024))).toBe('2.0 TiB')
  })
  it('prints used of total with one unit', () => {
    expect(plain(f.formatMemoryOf(71.2 * 1024, 80 * 1024))).toBe('71.2 / 80.0 GiB')
    expect(plain(f.formatMemoryOf(null, 80 * 1024))).toBe('— / 80.0 GiB')
    expect(plain(f.formatMemoryOf(500 * 1024, 2048 * 1024))).toBe('500 GiB / 2.0 TiB')
    expect(f.formatMemoryOf(null, null)).toBe('—')
  })
  it('uses SI bytes for rates', () => {
    expect(plain(f.formatRate(1.24e9))).toBe('1.24 GB/s')
    expect(plain(f.formatBytes(999))).toBe('999 B')
  })
})

describe('percent', () => {
  it.each([
    [67, '67 %'],
    [0.1, '0.1 %'],
    [0.05, '<0.1 %'],
    [0, '0 %'],
    [100, '100 %'],
  ])('%d prints %s', (value, text) => {
    expect(plain(f.formatPercent(value))).toBe(text)
  })
  it('never rounds up to 100', () => {
    expect(plain(f.formatPercent(99.96))).toBe('99.96 %')
    expect(plain(f.formatPercent(99.4))).toBe('99 %')
  })
})

describe('money', () => {
  it('keeps two decimals, and four for prices under ten cents', () => {
    expect(f.formatMoney(38_400_000, { signed: true })).toBe('+$38.40')
    expect(f.formatMoney(-1_500_000)).toBe('−$1.50')
    expect(f.formatMoney(1_234_567_000_000)).toBe('$1,234,567.00')
    expect(f.formatGpuHourPrice(1_200_000)).toBe('$1.20/GPU-h')
    expect(f.formatGpuHourPrice(85_000)).toBe('$0.0850/GPU-h')
  })
})

describe('durations', () => {
  it.each([
    [400, '400 ms'],
    [1100, '1.1 s'],
    [4000, '4 s'],
    [108_000, '1 m 48 s'],
    [11_520_000, '3 h 12 m'],
    [3 * 86_400_000, '3 d'],
    [59_990, '1 m'],
    [86_400_000 + 60_000, '1 d'],
  ])('%d ms is %s', (ms, text) => {
    expect(plain(f.formatDuration(ms))).toBe(text)
  })
  it('marks estimates', () => {
    expect(plain(f.formatEstimate(172_000))).toBe('~3 m')
  })
  it('counts down and stops at zero', () => {
    expect(f.formatCountdown(72_000)).toBe('1:12')
    expect(f.formatCountdown(-5)).toBe('0:00')
  })
})

describe('time', () => {
  it('is relative within a day and absolute beyond', () => {
    expect(plain(f.formatRelative(NOW - 4000, NOW))).toBe('4 s ago')
    expect(plain(f.formatRelative(NOW + 3 * 3_600_000, NOW))).toBe('in 3 h')
    expect(f.formatRelative(NOW - 2 * 86_400_000, NOW, { timeZone: 'UTC' })).toBe('20 Nov 14:02')
    expect(f.formatRelative(null, NOW)).toBe('—')
  })
  it('names the year only where it differs', () => {
    expect(f.formatAbsolute(Date.UTC(2025, 0, 3, 9, 5), NOW, { timeZone: 'UTC' })).toBe('3 Jan 2025 09:05')
  })
})

describe('counts and ids', () => {
  it('groups, and shortens only from 100,000', () => {
    expect(f.formatCount(8000)).toBe('8,000')
    expect(f.formatCount(1_250_000)).toBe('1.3M')
    expect(f.formatPlural(1, 'node')).toBe('1 node')
    expect(f.formatPlural(null, 'node')).toBe('— nodes')
  })
  it('keeps the first and last four of long ids', () => {
    expect(f.formatId('GPU-8f2c0000-1111-2222-3333-44445555a41f')).toBe('GPU-8f2c…a41f')
    expect(f.formatId('node-06')).toBe('node-06')
  })
})
