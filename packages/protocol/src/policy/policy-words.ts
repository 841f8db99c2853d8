/** The policy's constants without the schema library, for screens that only draw them. */
export const PRESETS = ['cautious', 'balanced', 'autopilot'] as const
export type Preset = (typeof PRESETS)[number]

/** Strictest last. */
export const ANSWERS = ['auto', 'ask', 'deny'] as const
export type PolicyAnswer = (typeof ANSWERS)[number]

/** TTLs outside of this make no sense: too short to read, or long after the facts have moved. */
export const TTL_LIMITS_S = {
  low: { min: 600, max: 7 * 86_400 },
  medium: { min: 120, max: 86_400 },
  high: { min: 60, max: 3_600 },
  critical: { min: 60, max: 3_600 },
} as const
