import { THROTTLE_BITS } from '@clawbernetes/protocol/node/telemetry'
import type { GpuModelSpec } from './gpu-models'

/** What a moment asks of one GPU. Shares are 0 to 1. */
export interface GpuDemand {
  /** Share of the time in which a kernel is resident: what the driver calls utilisation. */
  busy: number
  /** How hard the resident kernels work: matrix products near 1, waiting in a collective near 0.3. */
  intensity: number
}

export interface GpuAir {
  /** Air in front of this card: the room plus what the neighbours upstream add. */
  inletC: number
  /** 1: the fan moves what it should; a blocked one moves less. */
  fanHealth: number
}

/** The part of a GPU that has inertia. */
export interface GpuThermalState {
  tempC: number
  /** Latched: the slowdown lets go only some degrees below where it took hold. */
  hwThermal: boolean
}

export interface GpuMoment {
  utilPct: number
  powerW: number
  smClockMhz: number
  throttleMask: number
  tempC: number
  tempMarginC: number
  /** How fast work gets done, of an unthrottled card: 0 to 1. */
  speed: number
}

/** Power grows faster than clock, because voltage follows it. */
const POWER_PER_CLOCK = 2.2
const IDLE_BELOW = 0.02
/** The hardware slowdown takes this share of the pulses away per °C above its onset. */
const HW_SLOWDOWN_PER_K = 0.097
const HW_SLOWDOWN_MOST = 0.5
const HW_RELEASE_BELOW_K = 3
const SW_THERMAL_PER_K = 0.02
/** Controllers act within seconds: longer steps are cut so that they stay stable. */
const LONGEST_STEP_S = 1

/** Moves one GPU on by `dtS` seconds and says what its driver would report. Pure: the same arguments, the same answer. */
export function stepGpu(
  spec: GpuModelSpec,
  state: GpuThermalState,
  demand: GpuDemand,
  air: GpuAir,
  dtS: number,
): { state: GpuThermalState; moment: GpuMoment } {
  let { tempC, hwThermal } = state
  const steps = Math.max(1, Math.ceil(dtS / LONGEST_STEP_S))
  let now = control(spec, tempC, hwThermal, demand)
  for (let i = 0; i < steps; i++) {
    tempC = heat(spec, tempC, now.powerW, air, dtS / steps)
    now = control(spec, tempC, hwThermal, demand)
    hwThermal = now.hwThermal
  }
  const margin = (spec.reportsMargins ? spec.maxOperatingTempC : spec.slowdownTempC) - tempC
  return {
    state: { tempC, hwThermal },
    moment: {
      utilPct: demand.busy * now.duty * 100,
      powerW: now.powerW,
      smClockMhz: now.clockMhz,
      throttleMask: now.mask,
      tempC,
      tempMarginC: margin,
      speed: now.speed,
    },
  }
}

/** What clocks and power the card chooses at this temperature under this demand. */
function control(spec: GpuModelSpec, tempC: number, wasHot: boolean, demand: GpuDemand) {
  if (demand.busy < IDLE_BELOW) {
    return {
      mask: THROTTLE_BITS.idle as number,
      clockMhz: spec.idleClockMhz,
      powerW: spec.idleW,
      duty: 1,
      speed: 1,
      hwThermal: false,
    }
  }
  let mask = 0
  let clock = 1
  const hwThermal = tempC >= spec.slowdownTempC || (wasHot && tempC > spec.slowdownTempC - HW_RELEASE_BELOW_K)
  let duty = 1
  if (hwThermal) {
    mask |= THROTTLE_BITS.hwSlowdown | THROTTLE_BITS.hwThermal
    duty = 1 - clamp(HW_SLOWDOWN_PER_K * (tempC - spec.slowdownTempC + 1), 0, HW_SLOWDOWN_MOST)
  }
  if (tempC > spec.maxOperatingTempC) {
    mask |= THROTTLE_BITS.swThermal
    clock -= clamp(SW_THERMAL_PER_K * (tempC - spec.maxOperatingTempC), 0, 0.1)
  }
  const workW = demand.busy * demand.intensity * (spec.uncappedW - spec.idleW) * duty
  const allowedW = spec.powerLimitW - spec.idleW
  if (workW * clock ** POWER_PER_CLOCK > allowedW) {
    mask |= THROTTLE_BITS.swPowerCap
    clock = (allowedW / workW) ** (1 / POWER_PER_CLOCK)
  }
  const powerW = spec.idleW + workW * clock ** POWER_PER_CLOCK
  return { mask, clockMhz: spec.maxClockMhz * clock * duty, powerW, duty, speed: clock * duty, hwThermal }
}

/** Newton's cooling towards the inlet, with a fan that turns faster on a hotter card; exact over the step. */
function heat(spec: GpuModelSpec, tempC: number, powerW: number, air: GpuAir, dtS: number): number {
  const fan = clamp((tempC - 30) / 40, 0.3, 1)
  const resistance = (spec.resistanceKPerW * (1 + 0.3 * (1 - fan))) / Math.max(0.05, air.fanHealth)
  const settled = air.inletC + powerW * resistance
  return settled + (tempC - settled) * Math.exp(-dtS / (resistance * spec.capacityJPerK))
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
