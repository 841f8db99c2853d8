import { type CommandContext, printJson } from '../command-context'
import { EXIT, type ExitCode } from '../exit-codes'
import { oneLine } from '../terminal'

export interface LogOptions {
  follow?: boolean
  lines?: number
  level?: string
  search?: string
  json?: boolean
}

interface LogPage {
  lines: { cursor: string; ordinal: number; atMs: number; stream: string; text: string }[]
  after: string | null
}
const WAIT_S = 25

/** The newest lines of a workload, and with --follow those that come, until Ctrl-C. */
export async function logs(context: CommandContext, workload: string, options: LogOptions): Promise<ExitCode> {
  const path = `/workloads/${encodeURIComponent(workload)}/logs`
  const filter = { level: options.level, search: options.search }
  const print = (page: LogPage) => {
    for (const line of page.lines)
      if (options.json) context.output.out(`${JSON.stringify(line)}\n`)
      else
        context.output.out(
          `${new Date(line.atMs).toISOString().slice(11, 23)} [${line.ordinal}] ${line.stream === 'stdout' ? '' : `${line.stream}: `}${oneLine(line.text)}\n`,
        )
  }
  let page = await context.api().get<LogPage>(path, { ...filter, limit: options.lines ?? 100 })
  if (options.json && !options.follow) printJson(context.output, page)
  else print(page)
  let after = page.after ?? page.lines.at(-1)?.cursor ?? '0'
  while (options.follow) {
    page = await context.api().get<LogPage>(path, { ...filter, after, wait: WAIT_S, limit: 1000 })
    print(page)
    after = page.lines.at(-1)?.cursor ?? after
  }
  return EXIT.ok
}
