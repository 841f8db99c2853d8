import { THROTTLE_BITS } from '@clawbernetes/protocol/node/telemetry'
import { evidence, type GpuFacts, MINUTE_MS, recent, type Rule } from '../facts'

const BITS = THROTTLE_BITS.hwSlowdown | THROTTLE_BITS.hwPowerBrake
const WINDOW_MS = 10 * MINUTE_MS
/** Begins per minute; a flash at a change of power state is normal. */
export const OPEN_PER_MINUTE = 0.6
const CLOSE_PER_MINUTE = 0.2
const STEADY_SHARE = 0.6
const MIN_SAMPLES = 6

/** Hardware slowdown that comes again and again, or stays: clocks are cut to a half or less. Heat has a rule of its own. */
export const hwSlowdown: Rule = {
  name: 'hw-slowdown',
  needsReports: true,
  judge: (gpu) => {
    const window = recent(gpu, WINDOW_MS)
    const active = window.filter(
      (sample) =>
        ((sample.throttleMask ?? 0) & BITS) !== 0 && ((sample.throttleMask ?? 0) & THROTTLE_BITS.hwThermal) === 0,
    )
    const last = active.at(-1)
    if (!last || window.length < MIN_SAMPLES) return []
    const perMinute = risingEdges(gpu) / (WINDOW_MS / MINUTE_MS)
    const share = active.length / window.length
    const threshold = gpu.open.has('hw-slowdown') ? CLOSE_PER_MINUTE : OPEN_PER_MINUTE
    if (perMinute < threshold && share < STEADY_SHARE) return []
    const brake = ((last.throttleMask ?? 0) & THROTTLE_BITS.hwPowerBrake) !== 0
    return [
      {
        rule: 'hw-slowdown',
        severity: 'warning',
        title: `GPU ${gpu.index} is slowed down by its hardware`,
        detail: `${brake ? 'Power brake' : 'Hardware slowdown'} began ${perMinute.toFixed(1)} times a minute over 10 minutes, active in ${Math.round(share * 100)} % of the samples`,
        sinceMs: active[0]?.atMs ?? last.atMs,
        evidence: {
          for: [
            evidence('Begins of a hardware slowdown per minute', {
              atMs: last.atMs,
              value: Math.round(perMinute * 10) / 10,
              threshold: OPEN_PER_MINUTE,
              unit: '/min',
            }),
          ],
          against: brake ? [] : [evidence('The bit may flash when the power state changes')],
          confidence: share >= STEADY_SHARE ? 'high' : 'medium',
          hypotheses: brake
            ? ['The power supply asks the board to brake: a failed supply or an overloaded rail.']
            : ['Power delivery or heat outside the GPU core.', 'A sensor of the board reports a fault.'],
          nextTest: 'Look at the power supplies and the event log of the baseboard controller.',
          action: 'Keep new work away until the cause is known.',
        },
      },
    ]
  },
}

/** How often the slowdown began within the window: the driver's own events where there are more of them than samples show. */
function risingEdges(gpu: GpuFacts): number {
  const window = recent(gpu, WINDOW_MS)
  const isOn = (mask: number | null) => ((mask ?? 0) & BITS) !== 0
  const seen = window.filter(
    (sample, i) => isOn(sample.throttleMask) && !isOn(window[i - 1]?.throttleMask ?? null),
  ).length
  const told = gpu.events.filter(
    (event) => event.kind === 'throttle-start' && event.atMs > gpu.nowMs - WINDOW_MS && isOn(event.code),
  ).length
  return Math.max(seen, told)
}
