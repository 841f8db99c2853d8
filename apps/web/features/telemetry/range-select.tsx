'use client'
import { RANGE_KEYS, RANGES, type Range } from './time-range'

export function RangeSelect({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  return (
    <select
      aria-label="Time range"
      value={value}
      onChange={(event) => onChange(RANGE_KEYS.find((key) => key === event.target.value) ?? '1h')}
      className="min-h-8 rounded-md border border-control bg-bg px-2 text-sm max-desk:min-h-11"
    >
      {RANGE_KEYS.map((key) => (
        <option key={key} value={key}>
          {RANGES[key].label}
        </option>
      ))}
    </select>
  )
}
