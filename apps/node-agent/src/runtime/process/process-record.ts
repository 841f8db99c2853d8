import { existsSync, readdirSync } from 'node:fs'
import type { Observed } from '../runtime'
import { describeEnding } from '../shared/ending'
import { readJsonFile } from '../shared/json-file'
import { freshObserved } from '../shared/observed'
import { isAlive } from './proc-table'
import {
  type ProcessChild,
  type ProcessExit,
  type ProcessFiles,
  type ProcessOrder,
  processChild,
  processExit,
  processIdentity,
  processOrder,
} from './process-files'

/** What the folder of a replica says now. */
export interface ProcessRecord {
  order: ProcessOrder
  child: ProcessChild | null
  exit: ProcessExit | null
  stopAsked: boolean
  /** The newest supervisor: its attempt (0: there never was one) and whether it lives. */
  attempt: number
  supervised: boolean
}

export function readRecord(files: ProcessFiles): ProcessRecord | null {
  const order = readJsonFile(files.order, processOrder)
  if (!order) return null
  // The claim before the exit: a supervisor that ends writes its exit first, so "dead and no exit" is then sure.
  const attempt = newestAttempt(files)
  const supervisor = attempt > 0 ? readJsonFile(files.claim(attempt), processIdentity) : null
  const supervised = supervisor !== null && isAlive(supervisor)
  return {
    order,
    child: readJsonFile(files.child, processChild),
    exit: readJsonFile(files.exit, processExit),
    stopAsked: existsSync(files.stop),
    attempt,
    supervised,
  }
}

function newestAttempt(files: ProcessFiles): number {
  const numbers = readdirSync(files.dir).map((name) => Number(/^claim-(\d+)\.json$/.exec(name)?.[1] ?? 0))
  return Math.max(0, ...numbers)
}

/** The record as an observation, without what only a health check knows. */
export function observeRecord(record: ProcessRecord, address: string): Observed {
  const { order, child, exit, stopAsked } = record
  const base: Observed = {
    ...freshObserved(order.key),
    startedAtMs: exit?.startedAtMs ?? child?.startedAtMs ?? null,
    gpuVerified: order.spec.gpuUuids.length > 0 && child ? true : null,
  }
  if (exit) {
    const ending = describeEnding({ exitCode: exit.exitCode, oomKilled: exit.oomKilled, stopAsked })
    return { ...base, ...ending, finishedAtMs: exit.finishedAtMs, reason: exit.reason ?? ending.reason }
  }
  if (!child) return { ...base, phase: stopAsked ? 'stopping' : 'starting' }
  const endpoints = order.spec.ports.map(({ containerPort, hostPort }) => ({
    containerPort,
    hostPort: hostPort || containerPort,
    address,
  }))
  return { ...base, phase: stopAsked ? 'stopping' : 'running', endpoints, reason: limitsReason(child) }
}

function limitsReason(child: ProcessChild): Observed['reason'] {
  if (child.unenforced.length === 0) return null
  const watched = child.unenforced.includes('memory') ? ' Memory is watched and kept by the agent instead.' : ''
  return {
    code: 'limits-not-enforced',
    message: `This node cannot limit ${child.unenforced.join(', ')} of a plain process by cgroups.${watched}`,
  }
}
