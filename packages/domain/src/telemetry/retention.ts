const DAY_MS = 86_400_000

/** How long each resolution is kept. Raw days and minutes are partitions that are dropped whole. */
export const RETENTION = { rawMs: 2 * DAY_MS, minuteMs: 30 * DAY_MS, hourMs: 400 * DAY_MS } as const
/** A node's buffer is delivered up to this late; older samples are not stored. */
export const OLDEST_SAMPLE_MS = DAY_MS
/** A node whose clock is this far ahead has its samples moved back. */
export const CLOCK_AHEAD_MS = 60_000
/** A minute is rolled up this long after its end … */
export const ROLLUP_LAG_MS = 30_000
/** … and a sample of a minute that ended this long ago has it rolled up again. */
export const LATE_AFTER_MS = 15_000
