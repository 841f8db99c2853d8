/** One queued job per step at most; its attempts follow each other under the same key. */
export const stepJobKey = (stepId: string): string => `step:${stepId}`
