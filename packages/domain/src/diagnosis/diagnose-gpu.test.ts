import { expect, test } from 'vitest'
import type { CounterGrowth } from '../telemetry/counters'
import { diagnoseGpu } from './diagnose-gpu'
import { eventTitle } from './event-title'
import type { EventFact, GpuFacts, TimedValues } from './facts'
import { XID_CATALOGUE, xidEntry } from './xid-catalogue'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const sample = (agoMs: number, over: Partial<TimedValues> = {}): TimedValues => ({
  atMs: NOW - agoMs,
  utilPct: 94,
  memUtilPct: 40,
  memUsedMib: 70_000,
  tempC: 62,
  tempMarginC: 25,
  powerW: 380,
  smClockMhz: 1410,
  throttleMask: 0x4,
  ...over,
})
/** One sample every 5 s over the last minutes, newest last. */
const samples = (
  minutes: number,
  over: Partial<TimedValues> | ((i: number) => Partial<TimedValues>) = {},
): TimedValues[] =>
  Array.from({ length: minutes * 12 }, (_, i) =>
    sample((minutes * 12 - 1 - i) * 5000, typeof over === 'function' ? over(i) : over),
  )
const gpu = (over: Partial<GpuFacts> = {}): GpuFacts => ({
  nowMs: NOW,
  nodeName: 'node-01',
  index: 3,
  model: 'A100-80GB',
  readability: 'ok',
  slowdownTempC: 87,
  reporting: true,
  samples: samples(10),
  events: [],
  growth: [],
  holder: { workloadName: 'fine-tune', kind: 'training', running: true, lastProgressAtMs: NOW - 5000 },
  peerUtilPct: [],
  open: new Set(),
  ...over,
})
const growth = (over: Partial<CounterGrowth> = {}): CounterGrowth => ({
  kind: 'ecc-corrected',
  location: 'total',
  scope: 'volatile',
  growth: 35,
  now: 47,
  before: 12,
  resets: 0,
  lastChangeAtMs: NOW - MINUTE,
  ...over,
})
const xid = (code: number, agoMs = MINUTE, over: Partial<EventFact> = {}): EventFact => ({
  kind: 'xid',
  code,
  line: `NVRM: Xid (PCI:0000:3b:00): ${code}`,
  atMs: NOW - agoMs,
  replicaId: null,
  ...over,
})
const rules = (over: Partial<GpuFacts> = {}) => diagnoseGpu(gpu(over)).drafts.map((draft) => draft.rule)
const one = (over: Partial<GpuFacts> = {}) => {
  const { drafts } = diagnoseGpu(gpu(over))
  expect(drafts).toHaveLength(1)
  return drafts[0]
}

test('a busy GPU at its power cap is healthy', () => {
  expect(rules()).toEqual([])
})

test('heat: the bit and a small margin say it, a temperature alone does not', () => {
  const hot = one({ samples: samples(2, { throttleMask: 0x44, tempC: 91, tempMarginC: -2 }) })
  expect(hot).toMatchObject({
    rule: 'thermal-throttling',
    severity: 'critical',
    detail: 'hardware thermal slowdown active, 91 °C, -2 °C left',
  })
  expect(hot?.evidence.for).toHaveLength(2)
  expect(rules({ samples: samples(2, { tempC: 91, tempMarginC: -2 }) })).toEqual([])
  expect(
    one({ samples: samples(2, { throttleMask: 0x20, tempC: 60, tempMarginC: 30 }) })?.evidence.against,
  ).toHaveLength(1)
})

test('heat opens on most of a minute and closes after three quiet ones', () => {
  const flash = samples(2, (i) => ({ throttleMask: i === 20 ? 0x40 : 0x4 }))
  expect(rules({ samples: flash })).toEqual([])
  expect(rules({ samples: flash, open: new Set(['thermal-throttling']) })).toEqual(['thermal-throttling'])
  expect(diagnoseGpu(gpu({ open: new Set(['thermal-throttling']) })).cleared).toEqual(['thermal-throttling'])
})

test('hardware slowdown needs six begins in ten minutes, or to stay', () => {
  const begins = (n: number) => samples(10, (i) => ({ throttleMask: i % 12 === 0 && i / 12 < n ? 0x8 : 0x4 }))
  expect(rules({ samples: begins(5) })).toEqual([])
  expect(rules({ samples: begins(6) })).toEqual(['hw-slowdown'])
  expect(rules({ samples: samples(10, { throttleMask: 0x80 }) })).toEqual(['hw-slowdown'])
})

test('"47, was 12 yesterday" names kind, scope, growth, and what speaks against it', () => {
  const found = one({ growth: [growth()] })
  expect(found).toMatchObject({
    rule: 'ecc-corrected',
    severity: 'warning',
    detail: '+35 in 24 h: 47, was 12 a day ago (corrected, volatile, total)',
  })
  expect(found?.evidence).toMatchObject({
    confidence: 'high',
    against: [{ text: 'No uncorrected error in the same time: no result was wrong' }, {}],
  })
  expect(rules({ growth: [growth({ growth: 9 })] })).toEqual([])
  expect(rules({ growth: [growth({ growth: 9 })], open: new Set(['ecc-corrected']) })).toEqual(['ecc-corrected'])
})

test('uncorrected errors and remap failures are critical, a pending remap is not', () => {
  expect(one({ growth: [growth({ kind: 'ecc-uncorrected', growth: 1, now: 1, before: 0 })] })).toMatchObject({
    rule: 'ecc-uncorrected',
    severity: 'critical',
  })
  expect(one({ growth: [growth({ kind: 'remap-failure', now: 1 })] })).toMatchObject({
    rule: 'row-remap-failure',
    severity: 'critical',
  })
  expect(one({ growth: [growth({ kind: 'remap-pending', now: 1 })] })).toMatchObject({
    rule: 'row-remap-pending',
    severity: 'warning',
  })
  expect(rules({ growth: [growth({ kind: 'remapped-correctable', growth: 5, now: 5 })] })).toEqual([])
})

test('unreadable is broken, never idle', () => {
  for (const readability of ['unreadable', 'lost', 'requires-reset'])
    expect(one({ readability, samples: samples(10, { utilPct: null, memUsedMib: null }) })).toMatchObject({
      rule: 'gpu-unreadable',
      severity: 'critical',
    })
})

test('XIDs are classes of action: the application first, silence where nothing is to be done', () => {
  expect(one({ events: [xid(31)] })).toMatchObject({ rule: 'xid-31', severity: 'info' })
  expect(one({ events: [xid(79)] })).toMatchObject({
    rule: 'xid-79',
    severity: 'critical',
    evidence: { action: expect.stringContaining('Reboot the machine') },
  })
  expect(one({ events: [xid(94)] })?.evidence.action).not.toMatch(/reboot/i)
  expect(rules({ events: [xid(43), xid(45), xid(63), xid(154)] })).toEqual([])
  expect(one({ events: [xid(999)] })).toMatchObject({ rule: 'xid-999', severity: 'warning' })
})

test('XID 109 alone is a suspicion, repeated it is the GPU', () => {
  expect(one({ events: [xid(109)] })?.severity).toBe('warning')
  expect(one({ events: [xid(109), xid(109), xid(109)] })?.severity).toBe('critical')
})

test('a hung context: no work, memory held, a workload that says nothing', () => {
  const idle = samples(10, { utilPct: 0 })
  const holder = { workloadName: 'fine-tune', kind: 'training', running: true, lastProgressAtMs: NOW - 8 * MINUTE }
  expect(one({ samples: idle, holder })).toMatchObject({ rule: 'hung-context', severity: 'critical' })
  expect(rules({ samples: idle, holder: { ...holder, lastProgressAtMs: NOW - MINUTE } })).toEqual([])
  expect(rules({ samples: idle, holder: { ...holder, kind: 'service' } })).toEqual([])
  expect(rules({ samples: samples(10, { utilPct: null }), holder })).toEqual([])
  // The node agent's own finding counts at once, also for a service.
  expect(
    rules({ samples: idle, holder: { ...holder, kind: 'service' }, events: [{ ...xid(0), kind: 'context-hung' }] }),
  ).toEqual(['hung-context'])
})

test('67 % in a gang of 94 %', () => {
  expect(one({ samples: samples(4, { utilPct: 67 }), peerUtilPct: [94, 95, 93] })).toMatchObject({
    rule: 'slow-in-gang',
    detail: '67 % where the other GPUs of fine-tune do 94 %',
  })
  expect(rules({ samples: samples(4, { utilPct: 90 }), peerUtilPct: [94, 95, 93] })).toEqual([])
  expect(rules({ samples: samples(4, { utilPct: 2 }), peerUtilPct: [5, 30] })).toEqual([])
})

test('while a node does not report, nothing about its values is opened or cleared', () => {
  const silent = gpu({
    reporting: false,
    samples: [],
    readability: 'lost',
    open: new Set(['thermal-throttling', 'ecc-corrected', 'xid-79']),
  })
  expect(diagnoseGpu(silent)).toEqual({ drafts: [], cleared: ['ecc-corrected', 'xid-79'] })
})

test('the catalogue has every code that the domain names, once', () => {
  const named = [
    13, 31, 32, 69, 43, 45, 46, 62, 109, 119, 120, 95, 136, 140, 143, 156, 158, 48, 171, 172, 63, 64, 74, 79, 92, 94,
    154, 157, 68,
  ]
  expect(named.filter((code) => !xidEntry(code))).toEqual([])
  expect(new Set(XID_CATALOGUE.map((entry) => entry.code)).size).toBe(XID_CATALOGUE.length)
  expect(eventTitle('xid', 79)).toBe('XID 79: GPU has fallen off the bus')
  expect(eventTitle('throttle-start', 0x44)).toBe('Throttling began: hardware thermal slowdown')
})
