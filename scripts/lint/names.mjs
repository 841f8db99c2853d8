const VAGUE = /(^|\/)(utils?|helpers?|types|misc|common)\.(ts|tsx|mjs)$/
const SPECIAL =
  /(^|\/)(page|layout|loading|error|not-found|global-error|template|default|next\.config|prisma\.config|vitest\.config|playwright\.config|global-setup|postcss\.config)\.(ts|tsx|mjs)$/

/**
 * Files named after nothing, and default exports where a framework does not ask for one.
 * @param {Map<string, string>} files
 * @returns {{ file: string, line: number, message: string }[]}
 */
export function nameProblems(files) {
  return [...files].flatMap(([file, source]) => {
    const problems = []
    if (VAGUE.test(file)) problems.push({ file, line: 1, message: 'name the file after what it holds' })
    const at = source.split('\n').findIndex((line) => /^export default\b/.test(line))
    if (at >= 0 && !SPECIAL.test(file)) problems.push({ file, line: at + 1, message: 'export by name, not by default' })
    return problems
  })
}
