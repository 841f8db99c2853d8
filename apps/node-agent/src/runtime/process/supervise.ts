import { linkSync, unlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { exitCodeOfSignal } from '../shared/ending'
import { readJsonFile, writeJsonFile } from '../shared/json-file'
import { exists } from '../shared/mounts'
import { oomKillsIn, removeCgroups } from './cgroups'
import { launch } from './launch'
import { LogWriter } from './log-store'
import { membersOf, signalAll } from './members'
import { watchMemory } from './memory-watch'
import { collectOutput, makePipes } from './output'
import { identify, isAlive, readStat } from './proc-table'
import {
  type ProcessChild,
  type ProcessExit,
  type ProcessFiles,
  type ProcessOrder,
  processChild,
  processFiles,
  processOrder,
} from './process-files'

const POLL_MS = 100
const DRAIN_MS = 3000
const UNGROUP_MS = 1000

/**
 * `supervise <folder> <attempt>`: the small process between the agent and one replica. It stores the output, knows the
 * exit code, enforces what the kernel does not, and outlives the agent. Attempt 1 starts the command; a later one takes
 * over what a killed supervisor left, and never starts it a second time.
 */
export async function supervise(argv: string[]): Promise<void> {
  const [dir, attemptText] = argv
  const attempt = Number(attemptText)
  const order = dir ? readJsonFile(processFiles(dir).order, processOrder) : null
  if (!dir || !order || !Number.isInteger(attempt))
    throw new Error('supervise needs the folder of a process order and an attempt')
  const files = processFiles(dir)
  // The replica's own end ends this process; signals meant for the agent's service do not.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE'] as const) process.on(signal, () => {})
  if (!claim(files, attempt)) return
  if (attempt === 1) await run(files, order)
  else await takeOver(files, order)
}

/** Exactly one supervisor per attempt: a hard link is made with its content or not at all. */
function claim(files: ProcessFiles, attempt: number): boolean {
  const temporary = `${files.claim(attempt)}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(identify(process.pid)), { mode: 0o600 })
  try {
    linkSync(temporary, files.claim(attempt))
    return true
  } catch {
    return false
  } finally {
    unlinkSync(temporary)
  }
}

async function run(files: ProcessFiles, order: ProcessOrder): Promise<void> {
  if (await exists(files.stop)) return finishUnstarted(files, 'stopped', 'It was stopped before it started.')
  makePipes(files)
  const log = new LogWriter(files.log)
  const output = collectOutput(files, log)
  try {
    const { process: started, child } = await launch(files, order)
    const ended = new Promise<number | null>((resolve) => {
      started.once('exit', (code, signal) => resolve(signal ? exitCodeOfSignal(signal) : code))
    })
    await conclude({ files, order, child, log, output }, ended)
  } catch (error) {
    output.stop()
    log.close()
    finishUnstarted(
      files,
      'start-failed',
      `It could not be started: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

async function takeOver(files: ProcessFiles, order: ProcessOrder): Promise<void> {
  const child = readJsonFile(files.child, processChild) ?? findUnrecorded(order)
  if (!child) return finishUnstarted(files, 'supervisor-lost', 'Its supervisor was killed while it started it.')
  makePipes(files)
  const log = new LogWriter(files.log)
  const output = collectOutput(files, log)
  const ended = (async () => {
    while (isAlive(child.identity)) await sleep(POLL_MS)
    return null
  })()
  await conclude({ files, order, child, log, output }, ended)
}

/** The supervisor died between starting the command and writing that down: the oldest process with the mark is the main one. */
function findUnrecorded(order: ProcessOrder): ProcessChild | null {
  const pids = membersOf(order.key, null)
  const oldest = pids
    .map(readStat)
    .reduce((a, b) => (a && b && BigInt(b.startTicks) < BigInt(a.startTicks) ? b : (a ?? b)), null)
  const identity = oldest && identify(oldest.pid)
  return (
    identity && {
      identity,
      startedAtMs: Date.now(),
      cgroups: [],
      oomKillsBefore: 0,
      unenforced: ['memory', 'cpu', 'pids'],
    }
  )
}

interface Watched {
  files: ProcessFiles
  order: ProcessOrder
  child: ProcessChild
  log: LogWriter
  output: ReturnType<typeof collectOutput>
}

/** Waits for the end, ends what the main process left behind, and writes down how it went. */
async function conclude({ files, order, child, log, output }: Watched, ended: Promise<number | null>): Promise<void> {
  let overLimit = false
  const { memoryMib } = order.spec
  const unwatch =
    memoryMib !== null && child.unenforced.includes('memory')
      ? watchMemory(
          () => membersOf(order.key, child),
          memoryMib,
          (usedMib) => {
            overLimit = true
            log.write('agent', [`It used ${usedMib} MiB of the ${memoryMib} MiB it may and is ended.`])
            signalAll(membersOf(order.key, child), 'SIGKILL')
          },
        )
      : () => {}
  const exitCode = await ended
  const finishedAtMs = Date.now()
  unwatch()
  await killMembers(order, child)
  await Promise.race([output.drained, sleep(DRAIN_MS, undefined, { ref: false })])
  output.stop()
  log.close()
  const kills = oomKillsIn(child.cgroups)
  const oomKilled = overLimit || (kills === null ? null : kills > child.oomKillsBefore)
  // Before the end is told: the next start may make cgroups of the same name.
  for (const deadline = Date.now() + UNGROUP_MS; !removeCgroups(child.cgroups) && Date.now() < deadline; )
    await sleep(20)
  writeExit(files, { exitCode, oomKilled, startedAtMs: child.startedAtMs, finishedAtMs, reason: null })
}

/** As in a container, nothing outlives the main process. What cannot be killed (stuck in a driver) is left after a while. */
async function killMembers(order: ProcessOrder, child: ProcessChild): Promise<void> {
  const deadline = Date.now() + DRAIN_MS
  for (let pids = membersOf(order.key, child); pids.length > 0; pids = membersOf(order.key, child)) {
    signalAll(pids, 'SIGKILL')
    if (Date.now() > deadline) return
    await sleep(20)
  }
}

const finishUnstarted = (files: ProcessFiles, code: string, message: string) =>
  writeExit(files, {
    exitCode: null,
    oomKilled: false,
    startedAtMs: null,
    finishedAtMs: Date.now(),
    reason: { code, message },
  })

const writeExit = (files: ProcessFiles, exit: ProcessExit) => writeJsonFile(files.exit, exit)
