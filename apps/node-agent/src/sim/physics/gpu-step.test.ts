import { THROTTLE_BITS } from '@clawbernetes/protocol/node/telemetry'
import { describe, expect, test } from 'vitest'
import { gangDemand } from './gang'
import { GPU_MODELS, type GpuModelSpec } from './gpu-models'
import { type GpuAir, type GpuDemand, type GpuMoment, type GpuThermalState, stepGpu } from './gpu-step'
import { demandAt } from './rhythm'

const { 'A100-80GB': A100, 'H100-80GB': H100 } = GPU_MODELS
const TRAINING: GpuDemand = { busy: 0.945, intensity: 0.88 }
const IDLE: GpuDemand = { busy: 0, intensity: 0 }
const COOL: GpuAir = { inletC: 26, fanHealth: 1 }
const BLOCKED: GpuAir = { inletC: 26, fanHealth: 0.345 }

function run(spec: GpuModelSpec, demand: GpuDemand, air: GpuAir, seconds: number, stepS = 1, from?: GpuThermalState) {
  let state = from ?? { tempC: 30, hwThermal: false }
  let moment: GpuMoment | null = null
  for (let t = 0; t < seconds; t += stepS) ({ state, moment } = stepGpu(spec, state, demand, air, stepS))
  if (!moment) throw new Error('no step was made')
  return { state, moment }
}

describe('a healthy card', () => {
  test.each([
    [A100, 55, 72],
    [H100, 55, 74],
  ])('settles at an ordinary temperature under training ($model)', (spec, low, high) => {
    const { moment } = run(spec, TRAINING, COOL, 900)
    expect(moment.tempC).toBeGreaterThan(low)
    expect(moment.tempC).toBeLessThan(high)
    expect(moment.tempMarginC).toBeGreaterThan(10)
    expect(moment.utilPct).toBeCloseTo(94.5, 0)
    expect(moment.throttleMask & ~THROTTLE_BITS.swPowerCap).toBe(0)
  })

  test('idles a few degrees above its air, with the idle reason and low clocks', () => {
    const { moment } = run(A100, IDLE, COOL, 900)
    expect(moment.tempC).toBeGreaterThan(29)
    expect(moment.tempC).toBeLessThan(38)
    expect(moment).toMatchObject({
      utilPct: 0,
      throttleMask: THROTTLE_BITS.idle,
      smClockMhz: A100.idleClockMhz,
      powerW: A100.idleW,
    })
  })

  test.each([A100, H100])('never draws more than its limit, and says so when it is capped ($model)', (spec) => {
    const { moment } = run(spec, { busy: 1, intensity: 1 }, COOL, 300)
    expect(moment.powerW).toBeCloseTo(spec.powerLimitW, 1)
    expect(moment.throttleMask & THROTTLE_BITS.swPowerCap).not.toBe(0)
    expect(moment.smClockMhz).toBeLessThan(spec.maxClockMhz)
  })

  test('warms and cools with inertia', () => {
    const soon = run(A100, TRAINING, COOL, 5)
    const later = run(A100, TRAINING, COOL, 300)
    expect(soon.moment.tempC).toBeLessThan(later.moment.tempC - 15)
    const cooling = run(A100, IDLE, COOL, 5, 1, later.state)
    expect(cooling.moment.tempC).toBeGreaterThan(40)
  })

  test('is as hot after one long step as after many short ones', () => {
    const short = run(A100, TRAINING, COOL, 300, 0.5)
    const long = run(A100, TRAINING, COOL, 300, 10)
    expect(long.moment.tempC).toBeCloseTo(short.moment.tempC, 0)
  })
})

describe('a card whose fan is blocked', () => {
  test('throttles under training as the use case tells it: about 91 °C and 67 % against 94 %', () => {
    const { moment } = run(A100, TRAINING, BLOCKED, 1800)
    expect(moment.tempC).toBeGreaterThan(90)
    expect(moment.tempC).toBeLessThan(92)
    expect(moment.tempMarginC).toBeLessThanOrEqual(0)
    expect(moment.utilPct).toBeGreaterThan(64)
    expect(moment.utilPct).toBeLessThan(72)
    expect(moment.throttleMask & THROTTLE_BITS.hwThermal).not.toBe(0)
    expect(moment.throttleMask & THROTTLE_BITS.hwSlowdown).not.toBe(0)
    expect(moment.smClockMhz).toBeLessThan(A100.maxClockMhz * 0.8)
    expect(moment.speed).toBeLessThan(0.8)
  })

  test('an H100 throttles too', () => {
    const { moment } = run(H100, TRAINING, BLOCKED, 1800)
    expect(moment.throttleMask & THROTTLE_BITS.hwThermal).not.toBe(0)
    expect(moment.tempMarginC).toBeLessThanOrEqual(-2)
    expect(moment.tempC).toBeLessThan(H100.shutdownTempC)
  })

  test('throttles only after it got hot, within minutes', () => {
    const hot = THROTTLE_BITS.hwThermal
    expect(run(A100, TRAINING, BLOCKED, 20).moment.throttleMask & hot).toBe(0)
    expect(run(A100, TRAINING, BLOCKED, 240).moment.throttleMask & hot).toBe(hot)
  })

  test('recovers when the air is free again', () => {
    const hot = run(A100, TRAINING, BLOCKED, 1800)
    const after = run(A100, TRAINING, COOL, 300, 1, hot.state)
    expect(after.moment.throttleMask & THROTTLE_BITS.hwThermal).toBe(0)
    expect(after.moment.utilPct).toBeGreaterThan(93)
  })

  test('idle, it does not throttle', () => {
    const { moment } = run(A100, IDLE, BLOCKED, 1800)
    expect(moment.throttleMask).toBe(THROTTLE_BITS.idle)
    expect(moment.tempC).toBeLessThan(60)
  })
})

test('the others of a gang stay busy while they wait for the slowest, but draw less', () => {
  const waiting = gangDemand(TRAINING, 1, 0.65)
  expect(waiting.busy).toBe(TRAINING.busy)
  expect(run(A100, waiting, COOL, 300).moment.powerW).toBeLessThan(run(A100, TRAINING, COOL, 300).moment.powerW - 40)
})

test('demand is the same for the same seed and time, and follows what the process does', () => {
  const at = (phase: Parameters<typeof demandAt>[0], t: number) => demandAt(phase, 0.945, 0.9, t, 7, 11)
  expect(at('compute', 12_345)).toEqual(at('compute', 12_345))
  expect(at('hung', 1000)).toEqual(IDLE)
  expect(at('loading', 1000).busy).toBeLessThan(0.2)
  const values = Array.from({ length: 200 }, (_, i) => at('compute', i * 1000).busy)
  expect(Math.max(...values)).toBeLessThan(0.98)
  expect(Math.min(...values)).toBeGreaterThan(0.75)
  expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0.94, 1)
})
