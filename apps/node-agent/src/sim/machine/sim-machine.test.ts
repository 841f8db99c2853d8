import { gpuInventory } from '@clawbernetes/protocol/node/inventory'
import { type HealthEvent, healthEvent, telemetrySample, THROTTLE_BITS } from '@clawbernetes/protocol/node/telemetry'
import { expect, test } from 'vitest'
import type { Fault } from '../faults/fault'
import { XID_CODES } from '../faults/xid-lines'
import { fleet8 } from '../scenarios/fleet8'
import { scale } from '../scenarios/scale'
import { nodeOf } from '../../../test/sim-bench'
import type { SimLoad } from './load'
import { machineState } from './machine-state'
import { SimMachine } from './sim-machine'

const START = Date.UTC(2026, 0, 5, 9)

const fault = (kind: Fault['kind'], gpu: number | null, code: number | null = null): Fault => ({
  kind,
  node: 'x',
  gpu,
  code,
  sinceMs: START,
})

function training(machine: SimMachine, gpus = machine.gpus.length): SimLoad {
  return {
    replicaId: 'rep_1',
    pid: 4121,
    name: '/usr/bin/python3',
    gpuUuids: machine.gpus.slice(0, gpus).map((gpu) => gpu.uuid),
    phase: 'compute',
    busyShare: 0.945,
    intensity: 0.87,
    gpuMemoryMib: 40_000,
    ramMib: 8000,
    cpuCores: 6,
    netBytesPerS: 1000,
  }
}

function machineOf(name: string): { machine: SimMachine; events: HealthEvent[]; run: (seconds: number) => void } {
  const machine = new SimMachine('fleet8', nodeOf(name), 'boot-1')
  const events: HealthEvent[] = []
  machine.onEvent((event) => events.push(event))
  let now = START
  machine.tick(now)
  return {
    machine,
    events,
    run: (seconds) => {
      for (let i = 0; i < seconds; i += 2) machine.tick((now += 2000))
    },
  }
}

test.each(fleet8.nodes.map((node) => node.name))('what %s reports has the protocol’s form', (name) => {
  const { machine, run } = machineOf(name)
  machine.setLoad(training(machine))
  run(30)
  const { gpus, host, counters, processes } = machine.read(START + 60_000)
  expect(telemetrySample.safeParse({ atMs: START, gpus, host, counters, processes }).error).toBeUndefined()
  for (const gpu of machine.facts().gpus) expect(gpuInventory.safeParse(gpu).error).toBeUndefined()
})

test('the same seed and the same steps give the same machine; another node differs', () => {
  const reading = (name: string) => {
    const { machine, run } = machineOf(name)
    machine.setLoad(training(machine))
    run(120)
    return machine.read(START + 130_000)
  }
  expect(reading('node-01')).toEqual(reading('node-01'))
  expect(reading('node-03').gpus.map((g) => g.powerW)).not.toEqual(reading('node-01').gpus.map((g) => g.powerW))
})

test('a hot GPU holds its gang: 67 % at 91 °C with the hardware’s reason, the others at 94 % with less power', () => {
  const { machine, run } = machineOf('node-01')
  machine.setLoad(training(machine))
  run(300)
  const before = machine.read(START + 302_000).gpus
  machine.faultOn(fault('thermal-throttle', 2), START)
  run(900)
  const after = machine.read(START + 1_205_000).gpus
  const hot = after[2]
  expect(hot?.tempC).toBeGreaterThanOrEqual(90)
  expect(hot?.tempC).toBeLessThanOrEqual(92)
  expect(hot?.tempMarginC).toBeLessThanOrEqual(-1)
  expect(hot?.utilPct).toBeGreaterThanOrEqual(60)
  expect(hot?.utilPct).toBeLessThanOrEqual(73)
  expect((hot?.throttleMask ?? 0) & THROTTLE_BITS.hwThermal).not.toBe(0)
  for (const index of [0, 1, 3]) {
    expect(after[index]?.utilPct).toBeGreaterThanOrEqual(80)
    expect(after[index]?.powerW).toBeLessThan((before[index]?.powerW ?? 0) - 30)
    expect((after[index]?.throttleMask ?? 0) & THROTTLE_BITS.hwThermal).toBe(0)
  }
  expect(Object.values(machine.world(START).gpus).map((gpu) => gpu.speed < 0.8)).toEqual([false, false, true, false])
})

test('node-06 begins with 47 corrected errors on GPU 3 and gets about 35 more a day', () => {
  const { machine, run } = machineOf('node-06')
  const uuid = machine.gpus[3]?.uuid
  const corrected = () =>
    machine
      .read(START)
      .counters.find(
        (c) => c.uuid === uuid && c.kind === 'ecc-corrected' && c.location === 'dram' && c.scope === 'volatile',
      )?.value
  expect(corrected()).toBe(47)
  machine.timeScale = 60
  run(24 * 60)
  expect(corrected()).toBeGreaterThanOrEqual(47 + 33)
  expect(corrected()).toBeLessThanOrEqual(47 + 37)
})

test('growing memory errors lead to remapped rows, with the kernel’s line', () => {
  const { machine, events, run } = machineOf('node-04')
  machine.faultOn(fault('ecc-growth', 1), START)
  run(1200)
  const uuid = machine.gpus[1]?.uuid
  const value = (kind: string, scope: string) =>
    machine
      .read(START)
      .counters.find((c) => c.uuid === uuid && c.kind === kind && c.location === 'total' && c.scope === scope)?.value ??
    0
  expect(value('ecc-corrected', 'volatile')).toBeGreaterThan(500)
  expect(value('remapped-correctable', 'aggregate')).toBeGreaterThanOrEqual(2)
  expect(value('remap-pending', 'aggregate')).toBe(1)
  expect(events.filter((event) => event.code === 63)[0]?.line).toMatch(/^NVRM: Xid \(PCI:0000:0f:00\): 63, /)
})

test('a lost GPU reports nothing, not zero, and its line names the bus', () => {
  const { machine, events, run } = machineOf('node-01')
  machine.setLoad(training(machine))
  run(60)
  const lost = fault('gpu-lost', 2)
  machine.faultOn(lost, START)
  const reading = machine.read(START + 70_000)
  expect(reading.gpus[2]).toMatchObject({
    readability: 'lost',
    utilPct: null,
    tempC: null,
    memUsedMib: null,
    powerW: null,
  })
  expect(reading.counters.some((counter) => counter.uuid === machine.gpus[2]?.uuid)).toBe(false)
  expect(events.map((event) => event.line)).toEqual([
    "NVRM: Xid (PCI:0000:47:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
    'NVRM: Xid (PCI:0000:47:00): 154, GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)',
  ])
  expect(machine.facts().gpus[2]).toMatchObject({ readability: 'lost', memoryMib: null })
  machine.faultOff(lost)
  expect(machine.read(START + 80_000).gpus[2]?.readability).toBe('ok')
})

test.each(XID_CODES)('XID %i is an event with a line that a parser of real lines reads', (code) => {
  const { machine, events, run } = machineOf('node-02')
  machine.setLoad(training(machine))
  run(10)
  machine.faultOn(fault('xid', 5, code), START)
  const first = events[0]
  expect(healthEvent.safeParse(first).error).toBeUndefined()
  expect(first).toMatchObject({ kind: 'xid', code, uuid: machine.gpus[5]?.uuid, replicaId: 'rep_1' })
  expect(/^NVRM: Xid \(PCI:([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2})\): (\d+), /.exec(first?.line ?? '')?.[2]).toBe(
    String(code),
  )
})

test('a hung context holds its memory at utilisation 0 and is told once', () => {
  const { machine, events, run } = machineOf('node-03')
  const load = training(machine, 2)
  machine.setLoad(load)
  run(60)
  for (let i = 0; i < 3; i++) machine.setLoad({ ...load, phase: 'hung', gpuMemoryMib: 79_872 })
  run(10)
  const gpus = machine.read(START + 80_000).gpus
  expect(gpus[0]).toMatchObject({ utilPct: 0, readability: 'ok' })
  expect(gpus[0]?.memUsedMib).toBeGreaterThan(79_000)
  expect(events.map((event) => event.kind)).toEqual(['xid', 'context-hung'])
})

test('a boot starts volatile counts from zero and keeps the card’s life', () => {
  const { machine } = machineOf('node-06')
  machine.reboot('boot-2')
  const counts = machine.state.gpus[3]?.counts
  expect(counts).toMatchObject({ correctedDram: 0, lifeCorrectedDram: 61 })
  expect(machine.facts().bootId).toBe('boot-2')
})

test('a machine kept on disk is the same machine', () => {
  const { machine, run } = machineOf('node-06')
  run(600)
  const kept = machineState.parse(JSON.parse(JSON.stringify(machine.state)))
  const again = new SimMachine('fleet8', nodeOf('node-06'), 'another-boot', kept)
  expect(again.facts()).toEqual(machine.facts())
  expect(again.read(START).counters).toEqual(machine.read(START + 602_000).counters)
})

test('GPU identities are unique and stay the same', () => {
  const uuids = [fleet8, scale(1000)].flatMap((s) =>
    s.nodes.flatMap((node) => new SimMachine(s.name, node, 'b').gpus.map((gpu) => gpu.uuid)),
  )
  expect(new Set(uuids).size).toBe(uuids.length)
  expect(uuids[0]).toMatch(/^GPU-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a thousand machines are read in well under a second', () => {
  const machines = scale(1000).nodes.map((node) => new SimMachine('scale', node, 'b'))
  for (const machine of machines) machine.read(START)
  const began = performance.now()
  for (const machine of machines) machine.read(START + 10_000)
  expect(performance.now() - began).toBeLessThan(1000)
})
