/** The UTC day that usage is counted on, at its first millisecond. */
export const usageDay = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()))
