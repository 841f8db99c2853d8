import type { HangingTool, ToolResult } from '../run-tool'
import { parseCsv, unknownField, unopenable } from './csv'
import { type GpuRow, gpuRows, QUERY_FIELDS } from './gpu-query'
import type { Readability } from './values'
import { sameBus } from '../pci'

export interface GpuLook {
  rows: GpuRow[]
  /** GPUs that the driver names but cannot open. */
  unopenable: { busId: string; verdict: Readability }[]
  /** The driver answered: a known GPU with no row is not there any more. */
  answered: boolean
}

/** The quick query, with the fields that this driver turned out to know. */
export class GpuQuery {
  #fields = QUERY_FIELDS.map((field) => ({ ...field }))

  constructor(private readonly smi: HangingTool) {}

  /** @param known PCI addresses of GPUs seen before: asked for one by one when a broken neighbour spoils the query for all */
  async run(known: string[]): Promise<GpuLook> {
    const look = lookOf(await this.#ask([]))
    const broken = new Set(look.unopenable.map((gpu) => sameBus(gpu.busId)))
    const healthy = known.filter((bus) => !broken.has(sameBus(bus)))
    if (broken.size === 0 || look.rows.length >= healthy.length || healthy.length === 0) return look
    const rest = lookOf(await this.#ask(['-i', healthy.join(',')]))
    return {
      rows: rest.rows.length > 0 ? rest.rows : look.rows,
      unopenable: look.unopenable,
      answered: look.answered || rest.answered,
    }
  }

  /** Asks until the driver knows every field: what it refuses goes by its older name, or not at all. */
  async #ask(only: string[]): Promise<ToolResult> {
    for (;;) {
      const result = await this.smi.run([
        ...only,
        `--query-gpu=${this.#fields.map((field) => field.name).join(',')}`,
        '--format=csv',
      ])
      const refused = unknownField(result.stdout + result.stderr)
      const at = this.#fields.findIndex((field) => field.name === refused)
      const field = this.#fields[at]
      if (!field) return result
      if (field.was) this.#fields[at] = { name: field.was, optional: true }
      else this.#fields.splice(at, 1)
      if (this.#fields.length === 0) return result
    }
  }
}

export function lookOf(result: ToolResult): GpuLook {
  const table = parseCsv(result.stdout)
  const broken = unopenable(`${result.stdout}\n${result.stderr}`)
  const noDevices = /No devices were found/i.test(result.stdout + result.stderr)
  const answered = !result.timedOut && (noDevices || (table !== null && (table.rows.length > 0 || result.code === 0)))
  return { rows: table ? gpuRows(table) : [], unopenable: broken, answered }
}
