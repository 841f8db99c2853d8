import { constants } from 'node:os'
import type { Observed } from '../runtime'

export interface Ending {
  /** As the engine or the kernel tells it; 128+n for an end by signal n; null: not known. */
  exitCode: number | null
  oomKilled: boolean | null
  stopAsked: boolean
}

const SIGNAL_NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number as number, name]))
const SIGKILL_EXIT = 128 + constants.signals.SIGKILL

/** The signal that an exit code of 129 to 159 stands for, by the convention of shells and container engines. */
export const signalOfExitCode = (exitCode: number | null): string | null =>
  exitCode === null || exitCode <= 128 || exitCode >= 160 ? null : (SIGNAL_NAMES.get(exitCode - 128) ?? null)

export const exitCodeOfSignal = (signal: NodeJS.Signals): number => 128 + constants.signals[signal]

/** What an end means: asked for, success, memory, or a failure, with a cause a program can match and a person can read. */
export function describeEnding(end: Ending): Pick<Observed, 'phase' | 'exitCode' | 'signal' | 'oomKilled' | 'reason'> {
  const { exitCode, stopAsked } = end
  const signal = signalOfExitCode(exitCode)
  const told = { exitCode, signal, oomKilled: end.oomKilled }
  if (end.oomKilled)
    return { ...told, phase: stopAsked || exitCode === 0 ? 'exited' : 'failed', reason: outOfMemory(exitCode) }
  if (stopAsked) return { ...told, phase: 'exited', reason: { code: 'stopped', message: 'It was stopped as asked.' } }
  if (exitCode === null) return { ...told, phase: 'failed', reason: UNKNOWN_END }
  if (exitCode === 0) return { ...told, phase: 'exited', reason: null }
  if (exitCode === SIGKILL_EXIT && end.oomKilled === null) return { ...told, phase: 'failed', reason: OOM_SUSPECTED }
  if (signal) return { ...told, phase: 'failed', reason: { code: 'signal', message: `It was ended by ${signal}.` } }
  const notRun = exitCode === 126 || exitCode === 127 ? NOT_RUN[exitCode] : null
  if (notRun) return { ...told, phase: 'failed', reason: { code: 'command-missing', message: notRun } }
  return { ...told, phase: 'failed', reason: { code: 'exit-code', message: `It ended with exit code ${exitCode}.` } }
}

/** The codes by which shells and container inits say that a program was not there or may not be run. */
const NOT_RUN = {
  126: 'It ended with exit code 126: its command, or a program that it calls, cannot be executed. Make the file executable, or run it with its interpreter.',
  127: 'It ended with exit code 127: its command, or a program that it calls, was not found. Name one that is there: in a container, one of its image.',
}

const UNKNOWN_END = { code: 'exit-unknown', message: 'It ended while nobody watched, so its exit code is not known.' }

const OOM_SUSPECTED = {
  code: 'oom-suspected',
  message:
    'It was killed without a stop being asked for; the kernel may have ended it for memory, but no record of that was found.',
}

const outOfMemory = (exitCode: number | null) => ({
  code: 'oom',
  message:
    exitCode === SIGKILL_EXIT || exitCode === null
      ? 'It was killed because it used more memory than it may.'
      : `A part of it was killed because it used more memory than it may; the main process ended with exit code ${exitCode}.`,
})
