/** Which planner wrote an answer, as people call it. */
export function plannerName(planner: string | null): string | null {
  if (planner === null) return null
  return planner === 'embedded' ? 'built-in planner' : planner
}
