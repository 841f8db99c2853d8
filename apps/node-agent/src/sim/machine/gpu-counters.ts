import type { GpuCounter } from '@clawbernetes/protocol/node/telemetry'
import * as z from 'zod'
import type { XidCounts } from '../faults/xid-lines'

const count = z.number().int().min(0)

/** What a card counts. Volatile counts begin again at a boot, the others live as long as the card. */
export const gpuCounts = z.object({
  correctedDram: count,
  correctedSram: count,
  uncorrectedDram: count,
  uncorrectedSram: count,
  lifeCorrectedDram: count,
  lifeCorrectedSram: count,
  lifeUncorrectedDram: count,
  lifeUncorrectedSram: count,
  remappedCorrectable: count,
  remappedUncorrectable: count,
  remapPending: z.boolean(),
  remapFailure: z.boolean(),
  pcieReplay: count,
})
export type GpuCounts = z.infer<typeof gpuCounts>

export const freshCounts = (): GpuCounts => ({
  correctedDram: 0,
  correctedSram: 0,
  uncorrectedDram: 0,
  uncorrectedSram: 0,
  lifeCorrectedDram: 0,
  lifeCorrectedSram: 0,
  lifeUncorrectedDram: 0,
  lifeUncorrectedSram: 0,
  remappedCorrectable: 0,
  remappedUncorrectable: 0,
  remapPending: false,
  remapFailure: false,
  pcieReplay: 0,
})

export function addCorrected(counts: GpuCounts, errors: number): void {
  counts.correctedDram += errors
  counts.lifeCorrectedDram += errors
}

function addUncorrected(counts: GpuCounts, where: 'dram' | 'sram', errors = 1): void {
  if (where === 'dram') {
    counts.uncorrectedDram += errors
    counts.lifeUncorrectedDram += errors
  } else {
    counts.uncorrectedSram += errors
    counts.lifeUncorrectedSram += errors
  }
}

/** A boot of the machine: volatile counts begin at zero, a pending remap takes effect. */
export function rebooted(counts: GpuCounts): void {
  counts.correctedDram = counts.correctedSram = counts.uncorrectedDram = counts.uncorrectedSram = 0
  counts.remapPending = false
  counts.pcieReplay = 0
}

/** The complete list as the driver would report it. */
export function counterList(uuid: string, c: GpuCounts): GpuCounter[] {
  const one = (
    kind: GpuCounter['kind'],
    location: GpuCounter['location'],
    scope: GpuCounter['scope'],
    value: number,
  ): GpuCounter => ({ uuid, kind, location, scope, value })
  const ecc = (
    kind: 'ecc-corrected' | 'ecc-uncorrected',
    scope: GpuCounter['scope'],
    dram: number,
    sram: number,
  ): GpuCounter[] => [
    one(kind, 'total', scope, dram + sram),
    one(kind, 'dram', scope, dram),
    one(kind, 'sram', scope, sram),
  ]
  return [
    ...ecc('ecc-corrected', 'volatile', c.correctedDram, c.correctedSram),
    ...ecc('ecc-corrected', 'aggregate', c.lifeCorrectedDram, c.lifeCorrectedSram),
    ...ecc('ecc-uncorrected', 'volatile', c.uncorrectedDram, c.uncorrectedSram),
    ...ecc('ecc-uncorrected', 'aggregate', c.lifeUncorrectedDram, c.lifeUncorrectedSram),
    one('remapped-correctable', 'total', 'aggregate', c.remappedCorrectable),
    one('remapped-uncorrectable', 'total', 'aggregate', c.remappedUncorrectable),
    one('remap-pending', 'total', 'aggregate', Number(c.remapPending)),
    one('remap-failure', 'total', 'aggregate', Number(c.remapFailure)),
    one('pcie-replay', 'total', 'volatile', c.pcieReplay),
  ]
}

/** What an XID means for the counters. */
export function applyXidCounts(counts: GpuCounts, effect: XidCounts): void {
  switch (effect) {
    case 'corrected':
      return addCorrected(counts, 32)
    case 'uncorrected-dram':
      return addUncorrected(counts, 'dram')
    case 'uncorrected-sram':
      return addUncorrected(counts, 'sram')
    case 'remapped':
      counts.remappedCorrectable += 1
      counts.remapPending = true
      return
    case 'remap-failure':
      counts.remapFailure = true
  }
}
