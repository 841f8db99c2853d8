import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { build } from 'esbuild'
import type { Observed, ReplicaKey, Runtime, RuntimeLine } from '../../src/runtime/runtime'

let count = 0

export const newKey = (): ReplicaKey => {
  count += 1
  return { replicaId: `rep_${process.pid}_${Date.now().toString(36)}_${count}`, generation: 1, workloadName: 'test' }
}

export const newSpec = (over: Partial<ReplicaSpec>): ReplicaSpec => ({
  runtime: 'process',
  image: null,
  command: [],
  env: {},
  workdir: null,
  mounts: [],
  ports: [],
  gpuUuids: [],
  memoryMib: null,
  cpus: null,
  shmMib: null,
  pidsMax: null,
  health: null,
  restart: { policy: 'never', maxRestarts: 0, backoffMs: 0 },
  stop: { signal: 'SIGTERM', graceMs: 5000 },
  checkpoint: null,
  ...over,
})

/** Looks until it finds a value that is neither null, undefined nor false. */
export async function until<T>(
  what: string | (() => string),
  look: () => T | Promise<T>,
  timeoutMs = 20_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline)
      throw new Error(`not seen within ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}`)
    await sleep(20)
  }
}

/** A replica with everything it told, for a test to look at. */
export class Followed {
  readonly seen: Observed[] = []
  readonly lines: RuntimeLine[] = []
  logEnded = false
  stopLogs: () => void = () => {}

  constructor(
    readonly runtime: Runtime,
    readonly key: ReplicaKey,
  ) {}

  async start(spec: ReplicaSpec): Promise<this> {
    await this.runtime.start(this.key, spec, (observed) => this.seen.push(observed))
    this.follow(null)
    return this
  }

  follow(sinceMs: number | null): void {
    this.stopLogs = this.runtime.logs(
      this.key,
      sinceMs,
      (line) => this.lines.push(line),
      () => {
        this.logEnded = true
      },
    )
  }

  get last(): Observed | undefined {
    return this.seen.at(-1)
  }

  phase = (phase: Observed['phase'], timeoutMs?: number): Promise<Observed> =>
    until(
      () => `phase ${phase}, last ${JSON.stringify(this.last)}`,
      () => this.seen.find((o) => o.phase === phase),
      timeoutMs,
    )

  end = (timeoutMs?: number): Promise<Observed> =>
    until(
      () => `an end, last ${JSON.stringify(this.last)}`,
      () => this.seen.find((o) => o.phase === 'exited' || o.phase === 'failed'),
      timeoutMs,
    )

  /** The text of stdout once all of it was delivered. */
  output = async (): Promise<string[]> => {
    await until('the end of the log', () => this.logEnded)
    return this.lines.filter((line) => line.stream === 'stdout').map((line) => line.text)
  }

  text = (wanted: string): Promise<RuntimeLine> =>
    until(`output ${wanted}`, () => this.lines.find((line) => line.text.includes(wanted)))
}

export const tempDir = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'clawbernetes-runtime-'))

/** Bundles a script of this folder for plain Node, as the agent is. */
export async function bundleScript(name: string, outDir: string): Promise<string> {
  const outfile = path.join(outDir, `${name}.mjs`)
  await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    external: ['dockerode'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  return outfile
}
