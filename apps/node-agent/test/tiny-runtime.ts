import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuntimeInfo } from '@clawbernetes/protocol/node/inventory'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { Observed, ReplicaKey, Runtime, RuntimeLine } from '../src/runtime/runtime'
import { RuntimeError } from '../src/runtime/runtime'

const POLL_MS = 15

/**
 * A runtime of real detached processes, as small as can be: what runs is found again from files alone. Every real start
 * appends a line to `starts`, so that a second start of the same thing cannot hide. Output lines begin with their time.
 */
export class TinyRuntime implements Runtime {
  readonly kind = 'process'
  /** The engine does not answer. */
  down = false
  #timers = new Set<NodeJS.Timeout>()

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true })
  }

  /** Real starts of a replica, over all agent processes. */
  starts(replicaId: string): number {
    const path = join(this.folder, 'starts')
    return existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line === replicaId).length
      : 0
  }

  pid(replicaId: string): number | null {
    const dir = readdirSync(this.folder).find((name) => name.startsWith(`${replicaId}@`))
    return dir ? this.#pid(join(this.folder, dir)) : null
  }

  dispose(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const name of readdirSync(this.folder).filter((n) => n.includes('@')))
      this.#kill(join(this.folder, name), 'SIGKILL')
  }

  async describe(): Promise<RuntimeInfo> {
    return { kind: 'process', engine: 'tiny', version: null, gpu: 'native' }
  }

  async list(): Promise<Observed[]> {
    this.#answer()
    return readdirSync(this.folder)
      .filter((name) => name.includes('@'))
      .map((name) => this.#observe(join(this.folder, name)))
  }

  async start(key: ReplicaKey, spec: ReplicaSpec, onChange: (o: Observed) => void): Promise<void> {
    this.#answer()
    const dir = this.#dir(key)
    if (!existsSync(dir)) {
      if (!spec.command[0]) throw new RuntimeError('command-missing', 'There is no command.')
      mkdirSync(dir)
      writeFileSync(join(dir, 'key.json'), JSON.stringify(key))
      const wrapper =
        'trap : USR1 USR2; echo "$1" >> "$2/../starts"; echo $$ > "$2/pid"; d="$2"; shift 2; "$@" > "$d/out" 2>&1; echo $? > "$d/exit.tmp"; mv "$d/exit.tmp" "$d/exit"'
      const child = spawn('/bin/sh', ['-c', wrapper, 'tiny', key.replicaId, dir, ...spec.command], {
        detached: true,
        stdio: 'ignore',
        env: { ...process.env, ...spec.env },
        cwd: spec.workdir ?? undefined,
      })
      child.unref()
    }
    let last = ''
    const timer = setInterval(() => {
      if (!existsSync(dir)) return this.#stopTimer(timer)
      const seen = this.#observe(dir)
      if (JSON.stringify(seen) !== last) {
        last = JSON.stringify(seen)
        onChange(seen)
      }
      if (seen.phase === 'exited' || seen.phase === 'failed') this.#stopTimer(timer)
    }, POLL_MS)
    this.#timers.add(timer)
  }

  async stop(key: ReplicaKey, stop: ReplicaSpec['stop']): Promise<void> {
    this.#answer()
    const dir = this.#dir(key)
    const until = Date.now() + stop.graceMs
    this.#kill(dir, stop.signal)
    while (existsSync(dir) && this.#alive(dir)) {
      if (Date.now() > until) this.#kill(dir, 'SIGKILL')
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  async remove(key: ReplicaKey): Promise<void> {
    this.#answer()
    rmSync(this.#dir(key), { recursive: true, force: true })
  }

  async signal(key: ReplicaKey, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void> {
    this.#kill(this.#dir(key), signal)
  }

  logs(key: ReplicaKey, sinceMs: number | null, onLine: (line: RuntimeLine) => void, onEnd?: () => void): () => void {
    const dir = this.#dir(key)
    let given = 0
    const timer = setInterval(() => {
      if (!existsSync(join(dir, 'out'))) return
      const ended = existsSync(join(dir, 'exit')) || (this.#pid(dir) !== null && !this.#alive(dir))
      const lines = readFileSync(join(dir, 'out'), 'utf8').split('\n').slice(0, -1)
      for (const text of lines.slice(given)) {
        const atMs = Number(text.split(' ')[0])
        if (sinceMs === null || atMs >= sinceMs) onLine({ atMs, stream: 'stdout', text })
      }
      given = lines.length
      if (!ended) return
      this.#stopTimer(timer)
      onEnd?.()
    }, POLL_MS)
    this.#timers.add(timer)
    return () => this.#stopTimer(timer)
  }

  #observe(dir: string): Observed {
    const key = JSON.parse(readFileSync(join(dir, 'key.json'), 'utf8')) as ReplicaKey
    const base = {
      key,
      startedAtMs: 1,
      exitCode: null,
      signal: null,
      oomKilled: null,
      gpuVerified: null,
      endpoints: [],
      reason: null,
    }
    if (existsSync(join(dir, 'exit'))) {
      const exitCode = Number(readFileSync(join(dir, 'exit'), 'utf8'))
      return { ...base, phase: exitCode === 0 ? 'exited' : 'failed', finishedAtMs: 2, exitCode }
    }
    if (this.#pid(dir) === null) return { ...base, phase: 'starting', finishedAtMs: null }
    return this.#alive(dir)
      ? { ...base, phase: 'ready', finishedAtMs: null }
      : { ...base, phase: 'failed', finishedAtMs: 2, signal: 'SIGKILL' }
  }

  #pid(dir: string): number | null {
    try {
      return Number(readFileSync(join(dir, 'pid'), 'utf8')) || null
    } catch {
      return null
    }
  }

  #alive(dir: string): boolean {
    const pid = this.#pid(dir)
    if (pid === null) return !existsSync(join(dir, 'exit'))
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
    } catch {
      return false
    }
  }

  #kill(dir: string, signal: NodeJS.Signals): void {
    const pid = this.#pid(dir)
    if (pid === null) return
    try {
      process.kill(-pid, signal)
    } catch {
      // Gone already.
    }
  }

  #dir(key: ReplicaKey): string {
    return join(this.folder, `${key.replicaId}@${key.generation}`)
  }

  #answer(): void {
    if (this.down) throw new RuntimeError('engine-unavailable', 'The engine does not answer.')
  }

  #stopTimer(timer: NodeJS.Timeout): void {
    clearInterval(timer)
    this.#timers.delete(timer)
  }
}
