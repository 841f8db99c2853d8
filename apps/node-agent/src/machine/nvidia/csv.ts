import { countValue, numberValue, type Readability, textValue, verdictOf, worse } from './values'

export interface CsvTable {
  /** Field names without their units, as asked for. */
  header: string[]
  rows: string[][]
}

/** A line that names a GPU the driver cannot open, in front of, behind or instead of a table. */
const NO_HANDLE =
  /Unable to determine the device handle for (?:gpu|GPU)(?:\s?\d+:)?\s+([0-9A-Fa-f]{4,8}:[0-9A-Fa-f:.]+?):\s+(.*)/
const UNKNOWN_FIELD = /Field "([^"]+)" is not a valid field to query/

/**
 * Output of `nvidia-smi --query-…=… --format=csv`: a header with units in brackets, then a row a GPU or process.
 * @param restInLast the last column may hold ", " itself (a process name)
 */
export function parseCsv(output: string, restInLast = false): CsvTable | null {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !NO_HANDLE.test(line))
  const at = lines.findIndex(
    (line) => /^[a-z][\w.]*( \[[^\]]+\])?(, [a-z][\w.]*( \[[^\]]+\])?)*\s*$/i.test(line) && line.includes(','),
  )
  if (at < 0) return null
  const header = (lines[at] ?? '').split(', ').map((name) => name.replace(/ \[[^\]]+\]$/, '').trim())
  const rows = lines.slice(at + 1).flatMap((line) => {
    const cells = line.split(', ')
    if (restInLast && cells.length > header.length) cells.push(cells.splice(header.length - 1).join(', '))
    return cells.length === header.length ? [cells.map((cell) => cell.trim())] : []
  })
  return { header, rows }
}

/** A row by field name. A field that was not asked for, or that this driver does not know, reads as not told. */
export class CsvRow {
  readonly #cells: Map<string, string>

  constructor(table: CsvTable, row: string[]) {
    this.#cells = new Map(table.header.map((name, i) => [name, row[i] ?? '']))
  }

  raw(...names: string[]): string | undefined {
    for (const name of names) {
      const cell = this.#cells.get(name)
      if (cell !== undefined && (textValue(cell) !== null || verdictOf(cell) !== 'ok')) return cell
    }
    return this.#cells.get(names[0] ?? '')
  }

  text = (...names: string[]): string | null => textValue(this.raw(...names))
  number = (...names: string[]): number | null => numberValue(this.raw(...names))
  count = (...names: string[]): number | null => countValue(this.raw(...names))

  /** The worst that any value of this row says of the GPU. */
  verdict(): Readability {
    let worst: Readability = 'ok'
    for (const cell of this.#cells.values()) worst = worse(worst, verdictOf(cell))
    return worst
  }
}

/** GPUs that the driver lists but cannot open, by PCI address as printed. */
export function unopenable(output: string): { busId: string; verdict: Readability }[] {
  return output.split('\n').flatMap((line) => {
    const [, busId, why] = NO_HANDLE.exec(line) ?? []
    if (!busId || why === undefined) return []
    const verdict = verdictOf(why)
    return [{ busId, verdict: verdict === 'ok' ? ('unreadable' as const) : verdict }]
  })
}

/** The field that an older or newer driver refuses the whole query for; null: that is not what it says. */
export const unknownField = (output: string): string | null => UNKNOWN_FIELD.exec(output)?.[1] ?? null
