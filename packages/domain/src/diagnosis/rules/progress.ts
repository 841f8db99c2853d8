import { evidence, type GpuFacts, meanOf, MINUTE_MS, recent, type Rule } from '../facts'

const HUNG_WINDOW_MS = 5 * MINUTE_MS
const HELD_MIB = 1024
const MIN_SAMPLES = 12
/** Kinds that are supposed to compute all the time; a service without requests is idle and well. */
const ALWAYS_BUSY = new Set(['training', 'batch', 'job'])

/** The GPU does nothing, memory is held, the workload runs, and it has not said anything either. */
export const hungContext: Rule = {
  name: 'hung-context',
  needsReports: true,
  judge: (gpu) => {
    const told = toldHung(gpu)
    const window = recent(gpu, HUNG_WINDOW_MS)
    const util = meanOf(window, 'utilPct')
    const memory = meanOf(window, 'memUsedMib')
    const { holder } = gpu
    if (!holder?.running || util === null || memory === null || util >= 1 || memory < HELD_MIB) return []
    const silentMs = gpu.nowMs - (holder.lastProgressAtMs ?? 0)
    const longEnough =
      window.length >= MIN_SAMPLES && gpu.nowMs - (window[0]?.atMs ?? gpu.nowMs) >= HUNG_WINDOW_MS - MINUTE_MS
    const silent = holder.lastProgressAtMs !== null && silentMs >= HUNG_WINDOW_MS
    if (!told && !(ALWAYS_BUSY.has(holder.kind) && longEnough && silent)) return []
    return [
      {
        rule: 'hung-context',
        severity: 'critical',
        title: `GPU ${gpu.index} hangs under ${holder.workloadName}`,
        detail: `0 % utilisation with ${(memory / 1024).toFixed(1)} GiB held${silent ? `, and no word from ${holder.workloadName} for ${Math.round(silentMs / MINUTE_MS)} min` : ''}`,
        sinceMs: told?.atMs ?? Math.max(holder.lastProgressAtMs ?? 0, window[0]?.atMs ?? gpu.nowMs),
        evidence: {
          for: [
            evidence('Utilisation over five minutes', { value: Math.round(util * 10) / 10, threshold: 1, unit: '%' }),
            evidence('Memory held', { value: Math.round(memory), threshold: HELD_MIB, unit: 'MiB' }),
            ...(silent
              ? [evidence(`No log line or metric of ${holder.workloadName}`, { atMs: holder.lastProgressAtMs })]
              : []),
            ...(told
              ? [evidence('The node agent found a context that does not answer', { atMs: told.atMs, line: told.line })]
              : []),
          ],
          against: silent ? [] : [evidence(`${holder.workloadName} still writes to its log`)],
          confidence: silent && told ? 'high' : 'medium',
          hypotheses: [
            'A collective waits for a rank that is gone.',
            'The data loader is stuck.',
            'The GPU context hangs (XID 109 or 46 would say so).',
          ],
          nextTest: 'Read the stacks of the process (py-spy dump) before it is restarted.',
          action: 'Restart the workload from its last checkpoint; reset the GPU if it hangs again.',
        },
      },
    ]
  },
}

/** The agent's own verdict, unless the GPU worked again since. */
function toldHung(gpu: GpuFacts) {
  const event = gpu.events.findLast((one) => one.kind === 'context-hung')
  if (!event) return null
  const worked = gpu.samples.some((sample) => sample.atMs > event.atMs + 30_000 && (sample.utilPct ?? 0) >= 5)
  return worked ? null : event
}

const GANG_WINDOW_MS = 3 * MINUTE_MS
const GANG_SHARE = 0.8
const GANG_POINTS = 15
const GANG_BUSY_PCT = 50
const GANG_MIN_PEERS = 1

/** One GPU of a gang does clearly less than the others: they wait for it, or it waits for its data. */
export const slowInGang: Rule = {
  name: 'slow-in-gang',
  needsReports: true,
  judge: (gpu) => {
    const window = recent(gpu, GANG_WINDOW_MS)
    const util = meanOf(window, 'utilPct')
    if (util === null || window.length < 6 || gpu.peerUtilPct.length < GANG_MIN_PEERS || !gpu.holder?.running) return []
    const median = medianOf(gpu.peerUtilPct)
    const limit = gpu.open.has('slow-in-gang') ? GANG_SHARE + 0.1 : GANG_SHARE
    if (median < GANG_BUSY_PCT || util > median * limit || median - util < GANG_POINTS) return []
    const throttled = window.some((sample) => ((sample.throttleMask ?? 0) & 0xe8) !== 0)
    return [
      {
        rule: 'slow-in-gang',
        severity: 'warning',
        title: `GPU ${gpu.index} is slower than its gang`,
        detail: `${Math.round(util)} % where the other GPUs of ${gpu.holder.workloadName} do ${Math.round(median)} %`,
        sinceMs: window[0]?.atMs ?? gpu.nowMs,
        evidence: {
          for: [
            evidence(`Utilisation against the median of ${gpu.peerUtilPct.length} others`, {
              value: Math.round(util),
              threshold: Math.round(median * GANG_SHARE),
              unit: '%',
            }),
          ],
          against: throttled ? [] : [evidence('It is not throttled: the cause may lie in its data or its rank')],
          confidence: throttled ? 'high' : 'medium',
          hypotheses: throttled
            ? ['It is throttled; the others wait for it.']
            : [
                'Its rank has more to do, or its data comes slower.',
                'A link of this GPU is slow.',
                'The GPU is failing.',
              ],
          nextTest: throttled ? null : 'Compare clocks and PCIe throughput with a neighbour.',
          action: 'Move this rank to another GPU, or the workload to another node.',
        },
      },
    ]
  },
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
