/** Where the agent says what it does. Lines are for a person with `journalctl` or the log file open. */
export interface AgentLog {
  info(message: string): void
  warn(message: string): void
}

/** Lines with a time on a stream, for a service manager or a file. */
export function streamLog(out: NodeJS.WritableStream, now: () => number = Date.now): AgentLog {
  const write = (level: string, message: string) => out.write(`${new Date(now()).toISOString()} ${level} ${message}\n`)
  return { info: (message) => write('info', message), warn: (message) => write('warn', message) }
}

export const silentLog: AgentLog = { info: () => {}, warn: () => {} }

/** What an unknown thrown value says, in one line. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 400)
