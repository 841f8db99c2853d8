/** What the physics needs to know of a GPU model. Limits as `nvidia-smi -q` prints them on such cards. */
export interface GpuModelSpec {
  model: string
  /** Marketing name as the driver prints it. */
  name: string
  memoryMib: number
  powerLimitW: number
  /** Draw of a card that does nothing but hold its memory. */
  idleW: number
  /** Draw at full load and full clock if nothing capped it; above the limit, so that a busy card is power capped. */
  uncappedW: number
  maxClockMhz: number
  idleClockMhz: number
  /** Above this the driver lowers clocks by software. */
  maxOperatingTempC: number
  /** At this temperature the hardware cuts the clocks. */
  slowdownTempC: number
  shutdownTempC: number
  /** true: the driver speaks of margins (T.Limit), not of absolute limits. */
  reportsMargins: boolean
  /** Heat sink with its fan at full speed, °C per watt. */
  resistanceKPerW: number
  /** Heat that the card and its sink hold, joule per °C. */
  capacityJPerK: number
  /** Dense bf16, for the time a step takes. */
  peakTflops: number
}

export const GPU_MODELS = {
  'A100-80GB': {
    model: 'A100-80GB',
    name: 'NVIDIA A100-SXM4-80GB',
    memoryMib: 81920,
    powerLimitW: 400,
    idleW: 58,
    uncappedW: 440,
    maxClockMhz: 1410,
    idleClockMhz: 210,
    maxOperatingTempC: 85,
    slowdownTempC: 89,
    shutdownTempC: 92,
    reportsMargins: false,
    resistanceKPerW: 0.094,
    capacityJPerK: 300,
    peakTflops: 312,
  },
  'H100-80GB': {
    model: 'H100-80GB',
    name: 'NVIDIA H100 80GB HBM3',
    memoryMib: 81559,
    powerLimitW: 700,
    idleW: 72,
    uncappedW: 760,
    maxClockMhz: 1980,
    idleClockMhz: 345,
    maxOperatingTempC: 87,
    slowdownTempC: 89,
    shutdownTempC: 95,
    reportsMargins: true,
    resistanceKPerW: 0.054,
    capacityJPerK: 380,
    peakTflops: 989,
  },
} as const satisfies Record<string, GpuModelSpec>
export type GpuModelName = keyof typeof GPU_MODELS
