import { THROTTLE_BITS } from '@clawbernetes/protocol/node/telemetry'
import { throttleWords } from '../../fleet/throttle-words'
import { evidence, type FindingDraft, type GpuFacts, MINUTE_MS, recent, type Rule, type TimedValues } from '../facts'

const THERMAL = THROTTLE_BITS.swThermal | THROTTLE_BITS.hwThermal
const OPEN_WINDOW_MS = MINUTE_MS
const CLOSE_WINDOW_MS = 3 * MINUTE_MS
const MIN_SAMPLES = 4
/** Share of the window with a thermal bit that opens a finding: one flash is none. */
const OPEN_SHARE = 0.6
export const HOT_MARGIN_C = 5

const isThermal = (sample: TimedValues): boolean => ((sample.throttleMask ?? 0) & THERMAL) !== 0

/** Degrees left before the GPU slows down: as the driver says, else from its absolute limit. null: neither is known. */
function marginOf(gpu: GpuFacts, sample: TimedValues): number | null {
  if (sample.tempMarginC !== null) return sample.tempMarginC
  return gpu.slowdownTempC !== null && sample.tempC !== null ? gpu.slowdownTempC - sample.tempC : null
}

/**
 * The driver says that heat slows the GPU down, for most of a minute. Temperature alone proves nothing, and a margin at or
 * below zero without the bit is a known false reading of some H100.
 */
export const thermalThrottling: Rule = {
  name: 'thermal-throttling',
  needsReports: true,
  judge: (gpu) => {
    const isOpen = gpu.open.has('thermal-throttling')
    const window = recent(gpu, isOpen ? CLOSE_WINDOW_MS : OPEN_WINDOW_MS)
    const hot = window.filter(isThermal)
    const last = hot.at(-1)
    if (!last || window.length < MIN_SAMPLES) return []
    if (!isOpen && hot.length / window.length < OPEN_SHARE) return []
    return [draft(gpu, last, hot.length / window.length)]
  },
}

function draft(gpu: GpuFacts, last: TimedValues, share: number): FindingDraft {
  const margin = marginOf(gpu, last)
  const sinceMs = startOf(gpu.samples)
  const words = throttleWords((last.throttleMask ?? 0) & THERMAL).join(' and ')
  const near = margin !== null && margin <= HOT_MARGIN_C
  const hardware = ((last.throttleMask ?? 0) & THROTTLE_BITS.hwThermal) !== 0
  const values = [
    last.tempC === null ? null : `${Math.round(last.tempC)} °C`,
    margin === null ? null : `${Math.round(margin)} °C left`,
  ].filter((text) => text !== null)
  return {
    rule: 'thermal-throttling',
    severity: hardware ? 'critical' : 'warning',
    title: `GPU ${gpu.index} slows down for heat`,
    detail: [`${words} active`, ...values].join(', '),
    sinceMs,
    evidence: {
      for: [
        evidence(`${words}: active in ${Math.round(share * 100)} % of the last samples`, {
          atMs: last.atMs,
          value: Math.round(share * 100),
          threshold: OPEN_SHARE * 100,
          unit: '%',
        }),
        ...(near
          ? [
              evidence('Little or nothing left to the slowdown temperature', {
                atMs: last.atMs,
                value: margin,
                threshold: HOT_MARGIN_C,
                unit: '°C',
              }),
            ]
          : []),
      ],
      against: [
        ...(margin !== null && !near
          ? [
              evidence('The margin to the slowdown temperature is not small', {
                atMs: last.atMs,
                value: margin,
                threshold: HOT_MARGIN_C,
                unit: '°C',
              }),
            ]
          : []),
        ...(margin === null ? [evidence('The driver reports neither a margin nor a limit')] : []),
      ],
      confidence: near ? 'high' : 'medium',
      hypotheses: [
        'Cooling does not keep up: airflow, dust, a failed fan, a warm room.',
        'The heat sink does not sit well on this GPU.',
        'The board draws more than its cooling was laid out for.',
      ],
      nextTest:
        'Compare with the other GPUs of the same node at the same load: one hot GPU is its own cooling, all of them are the room.',
      action: 'Keep new work away and move what runs here; the GPU itself is protected by its slowdown.',
    },
  }
}

/** Begin of the unbroken run of throttled samples at the end; a gap of one sample does not break it. */
function startOf(samples: readonly TimedValues[]): number {
  let start = samples.findLast(isThermal)?.atMs ?? samples.at(-1)?.atMs ?? 0
  let misses = 0
  for (const sample of samples.toReversed()) {
    if (isThermal(sample)) {
      start = sample.atMs
      misses = 0
    } else if (sample.atMs < start && ++misses > 1) break
  }
  return start
}
