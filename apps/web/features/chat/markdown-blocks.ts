/**
 * Splits an answer into top-level blocks, so that while it streams only the last one is parsed again. A fence or a table
 * that is not closed yet is `open`: it is shown as plain text until it is, because half a table parses as noise.
 */
export type MarkdownBlock = { source: string; open: boolean }

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const isTableLine = (line: string): boolean => line.trimStart().startsWith('|')

export function splitMarkdown(text: string, streaming: boolean): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = []
  let lines: string[] = []
  let fence: string | null = null
  const flush = (open: boolean) => {
    if (lines.some((line) => line.trim() !== '')) blocks.push({ source: lines.join('\n'), open })
    lines = []
  }
  for (const line of text.split('\n')) {
    const marker = FENCE.exec(line)?.[1] ?? null
    if (fence !== null) {
      lines.push(line)
      if (marker !== null && marker[0] === fence[0] && marker.length >= fence.length && line.trim() === marker) {
        fence = null
        flush(false)
      }
      continue
    }
    if (marker !== null) {
      flush(false)
      fence = marker
      lines.push(line)
      continue
    }
    const startsTable = isTableLine(line) && lines.length > 0 && !isTableLine(lines.at(-1) ?? '')
    if (line.trim() === '' || startsTable) flush(false)
    if (line.trim() !== '') lines.push(line)
  }
  const unfinishedTable = streaming && lines.length > 0 && isTableLine(lines[0] ?? '')
  flush(streaming && (fence !== null || unfinishedTable))
  return blocks
}
