import type { FleetFrame } from '@clawbernetes/protocol/views/fleet'
import { FRAME_NO_DATA, FRAME_SCALE, FRAME_STATES } from '@clawbernetes/protocol/views/frame-bytes'

export const MAP_METRICS = ['util', 'mem', 'temp', 'power', 'allocation', 'health', 'price'] as const
export type MapMetric = (typeof MAP_METRICS)[number]

export const METRIC_LABEL: Record<MapMetric, string> = {
  util: 'Utilisation',
  mem: 'Memory',
  temp: 'Temperature',
  power: 'Power',
  allocation: 'Allocation',
  health: 'Health',
  price: 'Price',
}

/** Lower ends of the bins from the second on: 0, 1–19, 20–39, 40–59, 60–79, 80–94, 95–100 %. */
const PERCENT_EDGES = [0.5, 20, 40, 60, 80, 95] as const
/** Of the device's own slowdown temperature; a GPU without one is judged against the usual 90 °C. */
const TEMP_SHARE_EDGES = [0.4, 0.55, 0.7, 0.8, 0.9, 1] as const
export const USUAL_SLOWDOWN_C = 90
/** Micro-dollars per GPU and hour. */
const PRICE_EDGES = [500_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 4_000_000] as const
export const BINS = 7

const binOf = (value: number, edges: readonly number[]): number => {
  let bin = 0
  while (bin < edges.length && value >= (edges[bin] ?? Infinity)) bin += 1
  return bin
}
export const percentBin = (percent: number): number => binOf(percent, PERCENT_EDGES)
export const temperatureBin = (celsius: number, slowdownC: number | null): number =>
  binOf(celsius / (slowdownC ?? USUAL_SLOWDOWN_C), TEMP_SHARE_EDGES)
export const priceBin = (microUsd: number): number => binOf(microUsd, PRICE_EDGES)

export type GpuFrameState = (typeof FRAME_STATES)[number]
/** How a cell looks besides its colour. */
export type CellPattern = 'fill' | 'hollow' | 'hatch'
export type CellTone = 'heat' | 'therm' | 'ok' | 'warn' | 'crit'
export type Cell = { pattern: CellPattern; tone: CellTone; bin: number }

const HATCH: Cell = { pattern: 'hatch', tone: 'heat', bin: 0 }
const HOLLOW: Cell = { pattern: 'hollow', tone: 'heat', bin: 1 }

export const stateAt = (frame: FleetFrame, place: number): GpuFrameState =>
  FRAME_STATES[frame.state[place] ?? FRAME_NO_DATA] ?? 'no-data'

const TROUBLE: ReadonlySet<GpuFrameState> = new Set(['quarantined', 'failed', 'unreadable', 'missing'])
export const isCritical = (state: GpuFrameState): boolean => TROUBLE.has(state)

/** Nobody holds it: drawn hollow. The cut corner of a cordoned node's squares tells whether new work may come. */
export const isUnheld = (state: GpuFrameState): boolean => state === 'free' || state === 'cordoned'

export type FrameMetricName = keyof typeof FRAME_SCALE

/** The value of a byte, or null where there is none. */
export function valueAt(frame: FleetFrame, metric: FrameMetricName, place: number): number | null {
  const byte = frame[metric][place] ?? FRAME_NO_DATA
  return byte === FRAME_NO_DATA ? null : byte / FRAME_SCALE[metric]
}

export type GpuFacts = { slowdownTempC: number | null; priceMicroUsd: number | null }

/** What stands at one place of the map. No data is hatched for every metric that is measured, and never the first bin. */
export function cellAt(frame: FleetFrame, metric: MapMetric, place: number, facts: GpuFacts): Cell {
  const state = stateAt(frame, place)
  switch (metric) {
    case 'health':
      return healthCell(state)
    case 'allocation':
      return state === 'no-data' ? HATCH : isUnheld(state) ? HOLLOW : { pattern: 'fill', tone: 'heat', bin: 5 }
    case 'price':
      return facts.priceMicroUsd === null
        ? HATCH
        : { pattern: isUnheld(state) ? 'hollow' : 'fill', tone: 'heat', bin: priceBin(facts.priceMicroUsd) }
    case 'temp': {
      const celsius = valueAt(frame, 'temp', place)
      return celsius === null
        ? HATCH
        : { pattern: 'fill', tone: 'therm', bin: temperatureBin(celsius, facts.slowdownTempC) }
    }
    default: {
      const percent = valueAt(frame, metric, place)
      if (percent === null) return HATCH
      // A GPU that nobody holds is free, whatever a stray process does on it.
      if (isUnheld(state) && metric !== 'power' && percent < PERCENT_EDGES[1]) return HOLLOW
      return { pattern: 'fill', tone: metric === 'power' ? 'therm' : 'heat', bin: percentBin(percent) }
    }
  }
}

function healthCell(state: GpuFrameState): Cell {
  if (state === 'no-data') return HATCH
  if (state === 'suspect' || state === 'resetting') return { pattern: 'fill', tone: 'warn', bin: 0 }
  if (isCritical(state)) return { pattern: 'fill', tone: 'crit', bin: 0 }
  return { pattern: 'fill', tone: 'ok', bin: 0 }
}

/** Words of the two ends of the legend. */
export const LEGEND_ENDS: Record<MapMetric, [string, string] | null> = {
  util: ['0 %', '100 %'],
  mem: ['0 %', '100 %'],
  temp: ['cool', 'slowdown'],
  power: ['0 %', 'power limit'],
  allocation: null,
  health: null,
  price: ['$0', '$4/GPU-h'],
}
