/**
 * Text from the server may hold what a stranger wrote: no control character of it reaches the terminal, so that it can neither
 * move the cursor nor paint over what stands there. Newlines and tabs stay; single characters are judged, so that a sequence cut
 * in two by a stream is harmless too.
 */
export const plain = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')

/** On one line, for cells and headings. */
export const oneLine = (text: string): string => plain(text).replace(/\s+/g, ' ').trim()

export interface Output {
  out(text: string): void
  err(text: string): void
  /** Columns of the terminal; null: the output goes into a pipe or a file. */
  width: number | null
  interactive: boolean
}

export function processOutput(): Output {
  const { stdout, stderr, stdin } = process
  // `claw nodes | head` ends when head has enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: stdout.isTTY ? Math.max(40, stdout.columns || 80) : null,
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
  }
}
