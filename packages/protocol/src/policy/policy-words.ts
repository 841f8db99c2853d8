/** The policy's constants without the schema library, for screens that only draw them. */
export const PRESETS = ['cautious', 'balanced', 'autopilot'] as const
export type Preset = (typeof PRESETS)[number]

/** Strictest last. */
export const ANSWERS = ['auto', 'ask', 'deny'] as const
export type PolicyAnswer = (typeof ANSWERS)[number]
