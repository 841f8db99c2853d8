import type { GpuSample } from '@clawbernetes/protocol/node/telemetry'

export type Readability = GpuSample['readability']

const LOST = /GPU is lost|fallen off the bus/i
const REQUIRES_RESET = /GPU requires reset|reset required/i
const UNREADABLE = /\bERR!|Unknown Error|Driver Not Loaded|Internal Driver Error/i
/** "Not told": no verdict on the GPU, and no zero. */
const ABSENT =
  /^\[?(?:N\/A|Not Supported|Not Available|Not Found|Insufficient Permissions|Requested functionality has been deprecated|Unknown|None)?\]?$/i

/** What one value says of the GPU it was read from. */
export function verdictOf(text: string): Readability {
  if (LOST.test(text)) return 'lost'
  if (REQUIRES_RESET.test(text)) return 'requires-reset'
  return UNREADABLE.test(text) ? 'unreadable' : 'ok'
}

const SEVERITY: Record<Readability, number> = { ok: 0, unreadable: 1, 'requires-reset': 2, lost: 3 }
export const worse = (a: Readability, b: Readability): Readability => (SEVERITY[b] > SEVERITY[a] ? b : a)

/** A text value, or null when the driver did not say. */
export function textValue(raw: string | null | undefined): string | null {
  const text = raw?.trim() ?? ''
  return ABSENT.test(text) || verdictOf(text) !== 'ok' ? null : text
}

/** A number with or without its unit ("81559 MiB", "-2 C", "69.85 W", "16x"); null when the driver did not say. */
export function numberValue(raw: string | null | undefined): number | null {
  const text = textValue(raw)
  const match = text === null ? null : /^(-?\d+(?:\.\d+)?)(?:\s*[A-Za-z%/()]+)?$/.exec(text)
  return match ? Number(match[1]) : null
}

export function countValue(raw: string | null | undefined): number | null {
  const value = numberValue(raw)
  return value !== null && Number.isInteger(value) && value >= 0 ? value : null
}

/** "Yes"/"No", "Enabled"/"Disabled", 1/0; null when the driver did not say. */
export function flagValue(raw: string | null | undefined): boolean | null {
  const text = textValue(raw)
  if (text === null) return null
  if (/^(?:yes|enabled|active|1)$/i.test(text)) return true
  return /^(?:no|disabled|not active|0)$/i.test(text) ? false : null
}

/** Sum of parts of which at least one is told; null when none is. */
export function sumOf(...parts: (number | null)[]): number | null {
  const told = parts.filter((part): part is number => part !== null)
  return told.length === 0 ? null : told.reduce((sum, part) => sum + part, 0)
}
