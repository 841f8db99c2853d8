import { type GpuCounter, type GpuSample, THROTTLE_BITS } from '@clawbernetes/protocol/node/telemetry'
import { CsvRow, type CsvTable } from './csv'
import { needsReset, recoveryAction } from './recovery-action'
import { flagValue, sumOf, worse } from './values'

/**
 * What is asked for at every tick, by today's names. `was`: how drivers before 535 or 450 call it; `optional`: left out
 * where a driver has no such thing.
 */
export const QUERY_FIELDS: { name: string; was?: string; optional?: boolean }[] = [
  { name: 'index' },
  { name: 'uuid' },
  { name: 'pci.bus_id' },
  { name: 'name' },
  { name: 'memory.total' },
  { name: 'memory.used' },
  { name: 'utilization.gpu' },
  { name: 'utilization.memory' },
  { name: 'temperature.gpu' },
  { name: 'temperature.gpu.tlimit', optional: true },
  { name: 'power.draw' },
  { name: 'clocks.current.sm', was: 'clocks.sm' },
  { name: 'clocks_event_reasons.active', was: 'clocks_throttle_reasons.active' },
  ...(['corrected', 'uncorrected'] as const).flatMap((kind) =>
    (['volatile', 'aggregate'] as const).flatMap((scope) => [
      { name: `ecc.errors.${kind}.${scope}.total` },
      { name: `ecc.errors.${kind}.${scope}.dram`, was: `ecc.errors.${kind}.${scope}.device_memory` },
      { name: `ecc.errors.${kind}.${scope}.sram`, optional: true },
    ]),
  ),
  { name: 'remapped_rows.correctable', optional: true },
  { name: 'remapped_rows.uncorrectable', optional: true },
  { name: 'remapped_rows.pending', optional: true },
  { name: 'remapped_rows.failure', optional: true },
  { name: 'gpu_recovery_action', optional: true },
]

const ALL_BITS = Object.values(THROTTLE_BITS).reduce((mask, bit) => mask | bit, 0)

/** One row of `--query-gpu` as a sample. `uuid` null: the row does not even say which GPU it is. */
export interface GpuRow {
  uuid: string | null
  busId: string | null
  index: number | null
  name: string | null
  sample: Omit<GpuSample, 'uuid'>
  counters: Omit<GpuCounter, 'uuid'>[]
  recoveryAction: number | null
}

export function gpuRows(table: CsvTable): GpuRow[] {
  return table.rows.map((cells) => gpuRow(new CsvRow(table, cells)))
}

function gpuRow(row: CsvRow): GpuRow {
  const action = recoveryAction(row.raw('gpu_recovery_action'))
  const readability = worse(row.verdict(), needsReset(action) ? 'requires-reset' : 'ok')
  const uuid = row.text('uuid', 'gpu_uuid')
  return {
    uuid: uuid && /^(?:GPU|MIG)-/.test(uuid) ? uuid : null,
    busId: row.text('pci.bus_id', 'gpu_bus_id'),
    index: row.count('index'),
    name: row.text('name', 'gpu_name'),
    recoveryAction: action,
    sample: {
      utilPct: row.number('utilization.gpu'),
      memUtilPct: row.number('utilization.memory'),
      memUsedMib: row.number('memory.used'),
      tempC: row.number('temperature.gpu'),
      tempMarginC: row.number('temperature.gpu.tlimit'),
      powerW: row.number('power.draw', 'power.draw.instant', 'power.draw.average'),
      smClockMhz: row.number('clocks.current.sm', 'clocks.sm'),
      throttleMask: throttleMask(row.text('clocks_event_reasons.active', 'clocks_throttle_reasons.active')),
      readability,
    },
    counters: [...eccCounters(row), ...remapCounters(row)],
  }
}

/** Hex mask of NVML; bits this protocol does not name are left out. */
export function throttleMask(text: string | null): number | null {
  if (text === null || !/^0x[0-9a-f]{1,16}$/i.test(text)) return null
  return Number(BigInt(text) & BigInt(ALL_BITS))
}

function eccCounters(row: CsvRow): Omit<GpuCounter, 'uuid'>[] {
  return (['corrected', 'uncorrected'] as const).flatMap((kind) =>
    (['volatile', 'aggregate'] as const).flatMap((scope) => {
      const field = `ecc.errors.${kind}.${scope}`
      const sram = row.count(`${field}.sram`)
      const dram = row.count(`${field}.dram`, `${field}.device_memory`)
      const total = row.count(`${field}.total`) ?? sumOf(sram, dram)
      return eccEntries(`ecc-${kind}`, scope, { total, sram, dram })
    }),
  )
}

export function eccEntries(
  kind: 'ecc-corrected' | 'ecc-uncorrected',
  scope: GpuCounter['scope'],
  values: Record<GpuCounter['location'], number | null>,
): Omit<GpuCounter, 'uuid'>[] {
  return (['total', 'sram', 'dram'] as const).flatMap((location) => {
    const value = values[location]
    return value === null ? [] : [{ kind, location, scope, value }]
  })
}

function remapCounters(row: CsvRow): Omit<GpuCounter, 'uuid'>[] {
  return remapEntries({
    correctable: row.count('remapped_rows.correctable'),
    uncorrectable: row.count('remapped_rows.uncorrectable'),
    pending: flagValue(row.raw('remapped_rows.pending')),
    failure: flagValue(row.raw('remapped_rows.failure')),
  })
}

export function remapEntries(rows: {
  correctable: number | null
  uncorrectable: number | null
  pending: boolean | null
  failure: boolean | null
}): Omit<GpuCounter, 'uuid'>[] {
  const entries: [GpuCounter['kind'], number | null][] = [
    ['remapped-correctable', rows.correctable],
    ['remapped-uncorrectable', rows.uncorrectable],
    ['remap-pending', rows.pending === null ? null : Number(rows.pending)],
    ['remap-failure', rows.failure === null ? null : Number(rows.failure)],
  ]
  return entries.flatMap(([kind, value]) =>
    value === null ? [] : [{ kind, location: 'total' as const, scope: 'aggregate' as const, value }],
  )
}
