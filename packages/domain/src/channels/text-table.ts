/** Rows in columns of one width each, for a fixed-width font. Long cells are cut; numbers stand right. */
export function textTable(
  columns: readonly { label: string; align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
  maxCell = 28,
): string {
  const clip = (text: string) => {
    const line = text.replace(/\s+/g, ' ').trim()
    return line.length > maxCell ? `${line.slice(0, maxCell - 1)}…` : line
  }
  const cells = [columns.map((c) => clip(c.label)), ...rows.map((row) => columns.map((_, i) => clip(row[i] ?? '')))]
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, i) => (columns[i]?.align === 'right' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
