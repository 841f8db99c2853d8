/** A command line as a person types it, split into argv. There is no shell: what only a shell understands is refused, in words. */
export function splitCommand(line: string): { ok: true; argv: string[] } | { ok: false; reason: string } {
  const argv: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string
    if (quote) {
      if (c === quote) quote = null
      else if (c === '\\' && quote === '"' && /["\\]/.test(line[i + 1] ?? '')) word = (word ?? '') + line[++i]
      else word = (word ?? '') + c
      continue
    }
    if (c === '"' || c === "'") {
      quote = c
      word ??= ''
    } else if (c === '\\' && i + 1 < line.length) word = (word ?? '') + line[++i]
    else if (/\s/.test(c)) {
      if (word !== null) argv.push(word)
      word = null
    } else if (/[|;&<>`$]/.test(c))
      return {
        ok: false,
        reason: `Commands run without a shell, so “${c}” would have no meaning. Name a script, or say it as: sh -c '…'.`,
      }
    else word = (word ?? '') + c
  }
  if (quote) return { ok: false, reason: 'A quotation mark in the command is not closed.' }
  if (word !== null) argv.push(word)
  return argv.length === 0 ? { ok: false, reason: 'The command is empty.' } : { ok: true, argv }
}
