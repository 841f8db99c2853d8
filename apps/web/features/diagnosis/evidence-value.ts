import type { EvidenceItem } from '@clawbernetes/protocol/views/finding'

/** "47, threshold 10 errors": what was compared with what. */
export function evidenceValue({ value, threshold, unit }: Pick<EvidenceItem, 'value' | 'threshold' | 'unit'>): string {
  if (value === null) return ''
  const withUnit = (n: number) =>
    `${n.toLocaleString('en', { maximumFractionDigits: 2 })}${unit ? `\u202f${unit}` : ''}`
  return threshold === null ? withUnit(value) : `${withUnit(value)}, threshold ${withUnit(threshold)}`
}
