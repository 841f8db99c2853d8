import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { EndFile, JobFile, Report } from '../profile/job-file'
import type { World } from '../machine/world-file'

/** Exit code of a process that found another one at its work. */
export const ALREADY_CLAIMED = 75

/** The folder of one replica: how its process and the runtime talk, also across a restart of the agent. */
export class ProcessFiles {
  readonly job: JobFile
  #lastReport = ''

  constructor(readonly dir: string) {
    // Written by our runtime in this folder and checked there; the process stays small without a second check.
    this.job = JSON.parse(readFileSync(join(dir, 'job.json'), 'utf8')) as JobFile
  }

  /** Makes this process the only one of its attempt: false when another one is. */
  claim(): boolean {
    try {
      const fd = openSync(join(this.dir, claimName(this.job.attempt)), 'wx', 0o600)
      writeSync(fd, JSON.stringify({ pid: process.pid, startTicks: startTicksOf(process.pid) }))
      closeSync(fd)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  }

  report(report: Report): void {
    const text = JSON.stringify(report)
    if (text === this.#lastReport) return
    this.#lastReport = text
    this.#replace('report.json', text)
  }

  end(end: EndFile): void {
    this.#replace('end.json', JSON.stringify(end))
  }

  /** null: the machine has not spoken yet, or just now replaces the file. */
  world(): World | null {
    try {
      return JSON.parse(readFileSync(this.job.worldFile, 'utf8')) as World
    } catch {
      return null
    }
  }

  #replace(name: string, text: string): void {
    const temp = join(this.dir, `${name}.${process.pid}.tmp`)
    writeFileSync(temp, text, { mode: 0o600 })
    renameSync(temp, join(this.dir, name))
  }
}

export const claimName = (attempt: number): string => `claim.${attempt}.json`

/** When the process began, in clock ticks since the machine's boot: with the pid it names one process for ever. null where there is no /proc. */
export function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold blanks: count fields after it. State is the first, start time the twentieth.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}
