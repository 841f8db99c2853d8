/** A moment in words that are the same for every reader: "2026-11-22 17:05 UTC". */
export const atWords = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
