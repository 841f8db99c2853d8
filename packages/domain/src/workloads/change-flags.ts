/**
 * A command line with flags set: one that is there gets the new value in its place, another is put at the end. `--flag` alone
 * switches on; `--no-flag` is a flag of its own. Positional words are never touched.
 */
export function changeFlags(command: readonly string[], flags: readonly string[]): string[] {
  let next = [...command]
  for (const flag of flags) {
    const name = flagName(flag)
    const at = next.findIndex((word) => flagName(word) === name)
    if (at < 0) {
      next.push(flag)
      continue
    }
    // `--batch-size 8` as two words: the value goes with its flag.
    const value = next[at + 1]
    const isPair = !next[at]?.includes('=') && value !== undefined && !value.startsWith('-') && flag.includes('=')
    next = [...next.slice(0, at), flag, ...next.slice(at + (isPair ? 2 : 1))]
  }
  return next
}

/** The value of a numeric flag under any of these names; null: it is not set. */
export function numberFlag(
  command: readonly string[],
  names: readonly string[],
): { name: string; value: number } | null {
  for (const [i, word] of command.entries()) {
    const name = flagName(word)
    if (name === null || !names.includes(name)) continue
    const value = Number(word.includes('=') ? word.slice(word.indexOf('=') + 1) : command[i + 1])
    if (Number.isFinite(value)) return { name, value }
  }
  return null
}

/** `--batch_size=4` and `--batch-size` are one flag. */
function flagName(word: string): string | null {
  const name = /^--([A-Za-z][\w-]*)/.exec(word)?.[1]
  return name === undefined ? null : name.toLowerCase().replaceAll('_', '-')
}
