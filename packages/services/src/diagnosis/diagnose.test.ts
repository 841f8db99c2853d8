import { afterEach, beforeEach, expect, test } from 'vitest'
import { fleetSummary } from '../fleet/fleet-summary'
import { listNodeEvents } from '../fleet/list-node-events'
import { setGpuHealth } from '../fleet/set-gpu-health'
import { type FleetWorld, fleetWorld, joinNode } from '../fleet/testing/fleet-world'
import { seedCounters } from '../telemetry/seed-counters'
import { openTelemetryStore, type TelemetryStore } from '../telemetry/telemetry-store'
import { batchOf, sampleOf } from '../telemetry/testing/samples'
import { diagnose } from './diagnose'
import { listFindings } from './list-findings'
import { recordHealthEvents } from './record-health-events'

const T0 = Date.now() - (Date.now() % 60_000)
let world: FleetWorld
let store: TelemetryStore
let node: Awaited<ReturnType<typeof joinNode>>
let seq = 0

beforeEach(async () => {
  world = await fleetWorld()
  world.setNow(new Date(T0))
  node = await joinNode(world, { demo: true })
  store = openTelemetryStore(world.url, world.sys.now)
})
afterEach(async () => {
  await store.close()
  await world.close()
})

/** Samples every 5 s up to `toMs`; the first GPU as told, the second one well. */
async function play(fromMs: number, toMs: number, first: Parameters<typeof sampleOf>[2]): Promise<void> {
  world.setNow(new Date(T0 + toMs))
  const times = Array.from({ length: (toMs - fromMs) / 5000 }, (_, i) => T0 + fromMs + (i + 1) * 5000)
  const samples = times.map((atMs) => {
    const sample = sampleOf(node, atMs)
    return { ...sample, gpus: sample.gpus.map((gpu, i) => (i === 0 ? { ...gpu, ...first } : gpu)) }
  })
  await store.store([batchOf(node, seq++, samples)])
}
const xid = (code: number, key: string) => ({
  key,
  atMs: world.sys.now().getTime(),
  kind: 'xid' as const,
  uuid: null,
  pciBusId: '0000:10:00',
  code,
  line: `NVRM: Xid (PCI:0000:10:00): ${code}`,
  replicaId: null,
})

test('heat opens one finding, makes the GPU suspect, and clears by itself', async () => {
  await play(0, 120_000, { throttleMask: 0x40, tempC: 91, tempMarginC: -2 })
  const rounds = await Promise.all([diagnose({ sys: world.sys }), diagnose({ sys: world.sys })])
  expect(rounds.map((round) => round.opened).sort((a, b) => a - b)).toEqual([0, 1])
  await diagnose({ sys: world.sys })
  const findings = await listFindings({ ctx: world.ctx('viewer') })
  expect(findings).toMatchObject([
    {
      rule: 'thermal-throttling',
      severity: 'critical',
      gpuId: node.gpus[0]?.id,
      nodeName: 'node-01',
      evidence: { confidence: 'high' },
    },
  ])
  expect(await world.db.gpu.findUnique({ where: { id: node.gpus[0]?.id ?? '' } })).toMatchObject({ health: 'suspect' })
  expect((await fleetSummary({ ctx: world.ctx() })).attention).toMatchObject([
    { kind: 'finding', gpuIndex: 0, severity: 'critical' },
  ])

  await play(120_000, 330_000, { throttleMask: 0x4, tempC: 70, tempMarginC: 17 })
  expect(await diagnose({ sys: world.sys })).toEqual({ opened: 0, cleared: 1 })
  expect(await listFindings({ ctx: world.ctx() })).toEqual([])
  expect(await world.db.gpu.findUnique({ where: { id: node.gpus[0]?.id ?? '' } })).toMatchObject({
    health: 'ok',
    healthReason: null,
  })
  const { events } = await listNodeEvents({ ctx: world.ctx(), input: { nodeId: node.nodeId } })
  expect(events.map((event) => event.kind)).toEqual(expect.arrayContaining(['finding.opened', 'finding.cleared']))
})

test('a silent node clears nothing', async () => {
  await play(0, 120_000, { throttleMask: 0x40, tempC: 91, tempMarginC: -2 })
  await diagnose({ sys: world.sys })
  world.setNow(new Date(T0 + 30 * 60_000))
  expect(await diagnose({ sys: world.sys })).toEqual({ opened: 0, cleared: 0 })
})

test('an XID line finds its GPU by bus address, a repeat is ignored, and a quarantine stays a decision of a person', async () => {
  expect(await recordHealthEvents({ sys: world.sys, nodeId: node.nodeId, events: [xid(79, 'a'), xid(31, 'b')] })).toBe(
    2,
  )
  expect(await recordHealthEvents({ sys: world.sys, nodeId: node.nodeId, events: [xid(79, 'a')] })).toBe(0)
  expect(await diagnose({ sys: world.sys })).toMatchObject({ opened: 2 })
  const findings = await listFindings({ ctx: world.ctx() })
  expect(findings.map((finding) => [finding.rule, finding.severity, finding.gpuIndex])).toEqual([
    ['xid-79', 'critical', 0],
    ['xid-31', 'info', 0],
  ])
  const gpuId = node.gpus[0]?.id ?? ''
  expect(await world.db.gpu.findUnique({ where: { id: gpuId } })).toMatchObject({ health: 'suspect' })
  await setGpuHealth({ ctx: world.ctx('admin'), input: { gpuId, health: 'quarantined', reason: 'Fell off the bus' } })
  world.setNow(new Date(T0 + 25 * 3_600_000))
  expect(await diagnose({ sys: world.sys })).toMatchObject({ cleared: 2 })
  expect(await world.db.gpu.findUnique({ where: { id: gpuId } })).toMatchObject({ health: 'quarantined' })
})

test('"47, was 12 yesterday"', async () => {
  const counters = [
    { node: 'node-01', gpu: 0, kind: 'ecc-corrected', location: 'total', scope: 'volatile', hoursAgo: 25, value: 12 },
  ]
  expect(await seedCounters({ sys: world.sys, orgId: world.orgId, counters })).toBe(1)
  expect(await seedCounters({ sys: world.sys, orgId: world.orgId, counters })).toBe(0)
  const ecc = {
    uuid: node.gpus[0]?.uuid ?? '',
    kind: 'ecc-corrected' as const,
    location: 'total' as const,
    scope: 'volatile' as const,
    value: 47,
  }
  await store.store([batchOf(node, seq++, [sampleOf(node, T0, {}, [ecc])])])
  await diagnose({ sys: world.sys })
  expect(await listFindings({ ctx: world.ctx() })).toMatchObject([
    { rule: 'ecc-corrected', detail: '+35 in 24 h: 47, was 12 a day ago (corrected, volatile, total)' },
  ])
})

test('a process that was killed for memory is a finding of its machine', async () => {
  const kill = {
    key: 'k',
    atMs: T0,
    kind: 'oom-kill' as const,
    uuid: null,
    pciBusId: null,
    code: 4711,
    line: 'Out of memory: Killed process 4711',
    replicaId: null,
  }
  await recordHealthEvents({ sys: world.sys, nodeId: node.nodeId, events: [kill] })
  await diagnose({ sys: world.sys })
  expect(await listFindings({ ctx: world.ctx() })).toMatchObject([{ rule: 'host-memory', gpuId: null }])
  world.setNow(new Date(T0 + 2 * 3_600_000))
  expect(await diagnose({ sys: world.sys })).toEqual({ opened: 0, cleared: 1 })
})

test('findings of another organisation are not seen', async () => {
  await recordHealthEvents({ sys: world.sys, nodeId: node.nodeId, events: [xid(79, 'a')] })
  await diagnose({ sys: world.sys })
  expect(await listFindings({ ctx: world.stranger })).toEqual([])
  await expect(listNodeEvents({ ctx: world.stranger, input: { nodeId: node.nodeId } })).rejects.toMatchObject({
    code: 'not-found',
  })
  await expect(
    setGpuHealth({ ctx: world.stranger, input: { gpuId: node.gpus[0]?.id ?? '', health: 'ok', reason: 'x' } }),
  ).rejects.toMatchObject({ code: 'not-found' })
})
