import { table } from './table'
import { oneLine } from './terminal'

type Block = { type: string } & Record<string, unknown>
type Cell = string | number | null

/** A result of a chat answer as text; plans are fetched and shown by the caller. What is not known is named, not hidden. */
export function blockText(block: Block, width: number | null): string {
  const title = typeof block.title === 'string' ? `${oneLine(block.title)}\n` : ''
  switch (block.type) {
    case 'table': {
      const columns = block.columns as { key: string; label: string; align: string; unit: string | null }[]
      const rows = block.rows as { cells: Record<string, Cell> }[]
      const made = columns.map((column) => ({
        title: column.unit ? `${column.label} (${column.unit})` : column.label,
        value: (row: { cells: Record<string, Cell> }) => row.cells[column.key] ?? null,
        ...(column.align === 'right' ? { align: 'right' as const } : {}),
      }))
      const more = Number(block.more) > 0 ? `and ${Number(block.more)} more\n` : ''
      return `${title}${table(rows, made, width)}${more}`
    }
    case 'reasons':
      return `${title}${(block.items as { label: string; verdict: string; reason: string }[])
        .map((item) => `  ${MARKS[item.verdict] ?? '·'} ${oneLine(item.label)}: ${oneLine(item.reason)}\n`)
        .join('')}`
    case 'choice':
      return `${oneLine(String(block.question))}\n${(block.options as { label: string; send: string }[])
        .map(
          (option) =>
            `  - ${oneLine(option.label)}${option.send === option.label ? '' : ` (say: ${oneLine(option.send)})`}\n`,
        )
        .join('')}`
    case 'log-excerpt':
      return `${title}${(block.lines as { at: string; text: string }[])
        .map((line) => `  ${line.at.slice(11, 19)} ${oneLine(line.text)}\n`)
        .join('')}`
    case 'workload':
      return `${title}${(block.facts as { label: string; value: string }[])
        .map((fact) => `  ${oneLine(fact.label)}: ${oneLine(fact.value)}\n`)
        .join('')}`
    default:
      return title ? `${title.trimEnd()} (see it in the browser)\n` : ''
  }
}

const MARKS: Record<string, string> = { yes: '+', no: '-', unknown: '?', info: '·' }
