import { join } from 'node:path'
import { LogWriter } from '../../runtime/process/log-store'

const LIMITS = { segmentBytes: 1024 * 1024, segments: 3 }
export const logFolder = (dir: string): string => join(dir, 'log')

/** What the simulated process prints, stored as the runtime of plain processes stores it. */
export class ProcessLog {
  #writer: LogWriter

  constructor(dir: string) {
    this.#writer = new LogWriter(logFolder(dir), LIMITS)
  }

  out(text: string): void {
    this.#writer.write('stdout', text.split('\n'))
  }

  err(text: string): void {
    this.#writer.write('stderr', text.split('\n'))
  }
}
