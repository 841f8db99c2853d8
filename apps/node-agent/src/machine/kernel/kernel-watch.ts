import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { uptime } from 'node:os'
import type { HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import { kernelEventKey } from '../../state/machine-book'
import { replicaOfProcess } from '../../telemetry/process-owner'
import { runTool } from '../run-tool'
import { kernelEvent, type KernelLine, parseKernelLine } from './kernel-line'

const KMSG_POLL_MS = 500
const DMESG_POLL_MS = 10_000
/** Records read in one go, so that a flood of messages does not hold up the rest of the agent. */
const RECORDS_A_POLL = 2_000
/** A record of /dev/kmsg is at most about 8 KiB. */
const RECORD_BYTES = 16 * 1024

export interface KernelWatch {
  /** Calls back for every event in the kernel's log of this boot, old ones first. Returns how to stop. */
  watch(onEvent: (event: HealthEvent) => void): () => void
  /** The newest lines about GPUs and memory, for a diagnosis. */
  recent(lines: number): Promise<string[]>
}

export interface KernelWatchOptions {
  bootId: string
  kmsgPath?: string
  pollMs?: number
  now?: () => number
  /** Lines of `dmesg`; null: it cannot be read. */
  dmesg?: () => Promise<string[] | null>
}

/**
 * Follows /dev/kmsg without blocking; where it may not be read, looks at `dmesg` now and then. Where neither is allowed
 * there are no kernel events, which `doctor` says.
 */
export function kernelWatch(options: KernelWatchOptions): KernelWatch {
  const now = options.now ?? Date.now
  const dmesg = options.dmesg ?? readDmesg
  const bootTimeMs = () => now() - uptime() * 1000
  return {
    watch(onEvent) {
      const tell = (line: KernelLine, key: string) => {
        const event = kernelEvent(line.message)
        if (!event) return
        const { pid, ...rest } = event
        const replicaId = pid === null ? null : replicaOfProcess(pid)
        onEvent({
          key,
          atMs: line.atMs ?? now(),
          uuid: null,
          ...rest,
          pciBusId: rest.pciBusId?.slice(0, 40) ?? null,
          line: line.message.slice(0, 1000),
          replicaId,
        })
      }
      const fd = openKmsg(options.kmsgPath ?? '/dev/kmsg')
      if (fd === null) return pollDmesg(dmesg, bootTimeMs, options, tell)
      const drain = () => {
        for (const record of readRecords(fd)) {
          const line = parseKernelLine(record, bootTimeMs())
          if (line.seq !== null) tell(line, kernelEventKey(options.bootId, line.seq))
        }
      }
      drain()
      const timer = setInterval(drain, options.pollMs ?? KMSG_POLL_MS)
      return () => {
        clearInterval(timer)
        closeSync(fd)
      }
    },
    async recent(lines) {
      const all = (await dmesg()) ?? []
      return all
        .filter((line) => /NVRM|nvidia|amdgpu|SXid|out of memory|oom|PCIe|AER|Killed process/i.test(line))
        .slice(-lines)
    },
  }
}

function openKmsg(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return null
  }
}

/** Every record that is there now. Each read gives one record; EAGAIN: no more; EPIPE: some were overwritten unread. */
function* readRecords(fd: number): Generator<string> {
  const buffer = Buffer.alloc(RECORD_BYTES)
  for (let i = 0; i < RECORDS_A_POLL; i++) {
    try {
      const length = readSync(fd, buffer)
      if (length === 0) return
      yield buffer.toString('utf8', 0, length)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') return
    }
  }
}

function pollDmesg(
  dmesg: () => Promise<string[] | null>,
  bootTimeMs: () => number,
  { bootId, pollMs }: KernelWatchOptions,
  tell: (line: KernelLine, key: string) => void,
): () => void {
  const told = new Set<string>()
  let busy = false
  const look = async () => {
    if (busy) return
    busy = true
    for (const text of (await dmesg().catch(() => null)) ?? []) {
      const key = `dmesg:${bootId}:${createHash('sha1').update(text).digest('hex').slice(0, 20)}`
      if (told.has(key)) continue
      told.add(key)
      tell(parseKernelLine(text, bootTimeMs()), key)
    }
    busy = false
  }
  void look()
  const timer = setInterval(() => void look(), pollMs ?? DMESG_POLL_MS)
  return () => clearInterval(timer)
}

/** Seconds since boot are the one form that two calls print alike. */
async function readDmesg(): Promise<string[] | null> {
  const result = await runTool('dmesg', [], 5_000)
  return result.code === 0 ? result.stdout.split('\n').filter(Boolean) : null
}
