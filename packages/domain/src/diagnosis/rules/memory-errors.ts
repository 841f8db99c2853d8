import type { FindingEvidence } from '@clawbernetes/protocol/views/finding'
import { eccGrowth, type CounterGrowth } from '../../telemetry/counters'
import { evidence, type FindingDraft, type GpuFacts, type Rule } from '../facts'

/** Repairable errors in 24 hours that are worth a look; and that keep an open finding open. */
export const CORRECTED_OPEN = 20
const CORRECTED_CLOSE = 5

const counterOf = (gpu: GpuFacts, kind: string): CounterGrowth | undefined => {
  const own = gpu.growth.filter((one) => one.kind === kind)
  return (
    own.find((one) => one.scope === 'volatile' && one.location === 'total') ??
    own.find((one) => one.location === 'total') ??
    own[0]
  )
}
const isSet = (gpu: GpuFacts, kind: string): boolean => gpu.growth.some((one) => one.kind === kind && one.now > 0)

/** Repairable errors grow from day to day: the same counter, the same boot, or counted anew after a reset. */
export const eccCorrected: Rule = {
  name: 'ecc-corrected',
  needsReports: false,
  judge: (gpu) => {
    const growth = eccGrowth(gpu.growth, 'ecc-corrected')
    const counter = counterOf(gpu, 'ecc-corrected')
    if (growth === null || !counter || growth < (gpu.open.has('ecc-corrected') ? CORRECTED_CLOSE : CORRECTED_OPEN))
      return []
    const was = counter.before === null ? 'not known a day ago' : `was ${counter.before} a day ago`
    const uncorrected = eccGrowth(gpu.growth, 'ecc-uncorrected') ?? 0
    return [
      {
        rule: 'ecc-corrected',
        severity: 'warning',
        title: `Corrected memory errors rise on GPU ${gpu.index}`,
        detail: `+${growth} in 24 h: ${counter.now}, ${was} (corrected, ${counter.scope}, ${counter.location}${counter.resets > 0 ? `, ${counter.resets} restarts of the counter` : ''})`,
        sinceMs: counter.lastChangeAtMs ?? gpu.nowMs,
        evidence: {
          for: [
            evidence(`Corrected ECC errors (${counter.scope}, ${counter.location}) in 24 h`, {
              atMs: counter.lastChangeAtMs,
              value: growth,
              threshold: CORRECTED_OPEN,
              unit: 'errors',
            }),
            ...gpu.events
              .filter((event) => event.kind === 'xid' && (event.code === 92 || event.code === 63))
              .slice(-1)
              .map((event) => evidence(`XID ${event.code}`, { atMs: event.atMs, line: event.line })),
          ],
          against: [
            ...(uncorrected === 0 ? [evidence('No uncorrected error in the same time: no result was wrong')] : []),
            ...(isSet(gpu, 'remap-pending') ? [] : [evidence('No row waits to be remapped')]),
          ],
          confidence: counter.before === null ? 'medium' : 'high',
          hypotheses: [
            'A memory row is wearing out; the GPU will remap it.',
            'Heat or power disturbs the memory.',
            'The memory of this GPU is failing.',
          ],
          nextTest:
            'Run the memory diagnostics (dcgmi diag -r 3, about 15 minutes) on the GPU while nothing else uses it.',
          action:
            'Drain the GPU before the diagnostics; where GPUs are linked, a reset stops the processes on all of them.',
        },
      },
    ]
  },
}

export const eccUncorrected: Rule = {
  name: 'ecc-uncorrected',
  needsReports: false,
  judge: (gpu) => {
    const growth = eccGrowth(gpu.growth, 'ecc-uncorrected')
    const counter = counterOf(gpu, 'ecc-uncorrected')
    if (!growth || !counter) return []
    const contained = gpu.events.some((event) => event.kind === 'xid' && event.code === 94)
    const uncontained = gpu.events.some((event) => event.kind === 'xid' && event.code === 95)
    return [
      {
        rule: 'ecc-uncorrected',
        severity: 'critical',
        title: `Uncorrected memory errors on GPU ${gpu.index}`,
        detail: `+${growth} in 24 h (uncorrected, ${counter.scope}, ${counter.location})${contained && !uncontained ? '; contained to one application' : ''}`,
        sinceMs: counter.lastChangeAtMs ?? gpu.nowMs,
        evidence: {
          for: [
            evidence(`Uncorrected ECC errors (${counter.scope}, ${counter.location}) in 24 h`, {
              atMs: counter.lastChangeAtMs,
              value: growth,
              threshold: 1,
              unit: 'errors',
            }),
            ...(uncontained
              ? [evidence('XID 95: the error was not contained, results of other applications may be wrong')]
              : []),
          ],
          against:
            contained && !uncontained ? [evidence('XID 94: the error was contained, other applications are safe')] : [],
          confidence: 'high',
          hypotheses: ['The memory of this GPU is failing.', 'A single particle strike; it does not come again.'],
          nextTest:
            'Look whether a row is to be remapped (nvidia-smi --query-remapped-rows) and whether the count grows again after a reset.',
          action: 'Restart what ran on it, drain the GPU and reset it.',
        },
      },
    ]
  },
}

export const rowRemap: Rule = {
  name: 'row-remap',
  needsReports: false,
  judge: (gpu) => [
    ...(isSet(gpu, 'remap-failure') ? [remapFailure(gpu)] : []),
    ...(isSet(gpu, 'remap-pending') ? [remapPending(gpu)] : []),
  ],
}

const changedAt = (gpu: GpuFacts, kind: string): number =>
  gpu.growth.find((one) => one.kind === kind)?.lastChangeAtMs ?? gpu.nowMs

function remapFailure(gpu: GpuFacts): FindingDraft {
  const facts: FindingEvidence = {
    for: [evidence('The driver reports remapped_rows.failure', { atMs: changedAt(gpu, 'remap-failure') })],
    against: [],
    confidence: 'high',
    hypotheses: ['The spare rows of a memory bank are used up.'],
    nextTest: "Run the vendor's field diagnostic: it decides about a replacement.",
    action: 'Quarantine the GPU and ask the vendor for a replacement.',
  }
  return {
    rule: 'row-remap-failure',
    severity: 'critical',
    title: `GPU ${gpu.index} could not replace a memory row`,
    detail: 'Row remapping failed: a criterion for replacement of the GPU.',
    sinceMs: changedAt(gpu, 'remap-failure'),
    evidence: facts,
  }
}

function remapPending(gpu: GpuFacts): FindingDraft {
  const facts: FindingEvidence = {
    for: [evidence('The driver reports remapped_rows.pending', { atMs: changedAt(gpu, 'remap-pending') })],
    against: [evidence('Work may go on: the weak row is taken out of use meanwhile')],
    confidence: 'high',
    hypotheses: ['A memory row was found weak and is to be replaced at the next reset.'],
    nextTest: null,
    action: 'Reset the GPU when it is next free.',
  }
  return {
    rule: 'row-remap-pending',
    severity: 'warning',
    title: `GPU ${gpu.index} waits for a reset to replace a memory row`,
    detail: 'Row remapping is pending.',
    sinceMs: changedAt(gpu, 'remap-pending'),
    evidence: facts,
  }
}
