import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { build } from 'esbuild'
import type { Observed, ReplicaKey, RuntimeLine } from '../src/runtime/runtime'
import { SimRuntime } from '../src/runtime/sim-runtime'
import { layOutDisk } from '../src/sim/demo/lay-out-disk'
import { SimMachine } from '../src/sim/machine/sim-machine'
import { fleet8 } from '../src/sim/scenarios/fleet8'
import type { ScenarioNode } from '../src/sim/scenarios/scenario'

/** Bundles the simulated process alone, as the agent file holds it, and answers the argv that runs it. */
export async function buildProcessCommand(dir: string): Promise<string[]> {
  const file = join(dir, 'sim-process.mjs')
  const entry = fileURLToPath(new URL('../src/sim/child/main.ts', import.meta.url))
  await build({
    stdin: {
      contents: `import { runSimProcess } from ${JSON.stringify(entry)}; runSimProcess(process.argv[2])`,
      resolveDir: dir,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: file,
  })
  return [process.execPath, '--no-warnings', file]
}

/** Looks until something holds; a test that waits too long says for what. */
export async function until<T>(what: string, look: () => T | Promise<T>, withinMs = 30_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`)
    await sleep(20)
  }
}

export const nodeOf = (name: string): ScenarioNode => {
  const node = fleet8.nodes.find((one) => one.name === name)
  if (!node) throw new Error(`fleet8 has no ${name}`)
  return node
}

/** One simulated machine in a folder of its own, with what a test asks of it. */
export class SimBench {
  readonly dir = mkdtempSync(join(tmpdir(), 'sim-bench-'))
  machine: SimMachine
  runtime: SimRuntime
  readonly changes: Observed[] = []

  constructor(
    readonly processCommand: string[],
    readonly node = nodeOf('node-01'),
    readonly timeScale = 20,
    readonly pullMs = 30,
    readonly machineSilentMs?: number,
  ) {
    this.machine = new SimMachine('fleet8', node, randomUUID())
    this.machine.timeScale = timeScale
    layOutDisk(this.fs, node)
    this.runtime = this.#runtime()
    this.runtime.open()
  }

  get fs(): string {
    return join(this.dir, 'fs')
  }

  #runtime(): SimRuntime {
    const { machine, processCommand, pullMs, machineSilentMs } = this
    const dir = join(this.dir, 'machine')
    mkdirSync(dir, { recursive: true })
    return new SimRuntime({ machine, dir, owner: 'test', processCommand, pullMs, machineSilentMs })
  }

  /** As when the simulator was killed and started again: nothing but the folder is left. */
  restart(): void {
    this.runtime.release()
    const { state } = this.machine
    this.machine = new SimMachine('fleet8', this.node, randomUUID(), structuredClone(state))
    this.machine.timeScale = this.timeScale
    this.runtime = this.#runtime()
    this.runtime.open()
  }

  spec(command: string[], change: Partial<ReplicaSpec> = {}): ReplicaSpec {
    const mount = (path: string, readOnly: boolean) => ({
      hostPath: join(this.fs, path),
      containerPath: path,
      readOnly,
    })
    mkdirSync(join(this.fs, '/data/checkpoints/run'), { recursive: true })
    return {
      runtime: 'container',
      image: 'pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime',
      command,
      env: {},
      workdir: null,
      mounts: [mount('/data/training', true), mount('/data/checkpoints/run', false)],
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
      ...change,
    }
  }

  /** The fine-tune of the first conversation on the first `gpus` GPUs. */
  training(gpus: number, flags: string[] = [], change: Partial<ReplicaSpec> = {}): ReplicaSpec {
    const command = [
      'torchrun',
      '--standalone',
      `--nproc-per-node=${gpus}`,
      'train.py',
      '--model=meta-llama/Meta-Llama-3-8B',
      '--data=/data/training',
      '--output-dir=/data/checkpoints/run',
      ...flags,
    ]
    const gpuUuids = this.machine.gpus.slice(0, gpus).map((gpu) => gpu.uuid)
    return this.spec(command, { gpuUuids, checkpoint: { dir: '/data/checkpoints/run', signal: 'SIGUSR1' }, ...change })
  }

  start(key: ReplicaKey, spec: ReplicaSpec): Promise<void> {
    return this.runtime.start(key, spec, (observed) => this.changes.push(observed))
  }

  async observed(key: ReplicaKey): Promise<Observed | undefined> {
    return (await this.runtime.list()).find((one) => one.key.replicaId === key.replicaId)
  }

  phase(key: ReplicaKey, phase: Observed['phase'], withinMs?: number): Promise<Observed> {
    return until(
      `${key.replicaId} to be ${phase}`,
      async () => {
        const found = await this.observed(key)
        return found?.phase === phase ? found : null
      },
      withinMs,
    )
  }

  /** All lines that match, as soon as there are `count` of them. */
  async lines(key: ReplicaKey, pattern: RegExp, count = 1, sinceMs: number | null = null): Promise<RuntimeLine[]> {
    const found: RuntimeLine[] = []
    const stop = this.runtime.logs(key, sinceMs, (line) => {
      if (pattern.test(line.text)) found.push(line)
    })
    try {
      await until(`${count} lines like ${pattern}`, () => found.length >= count)
      return found
    } finally {
      stop()
    }
  }

  /** The process of a replica, as soon as it has said who it is. */
  pid(key: ReplicaKey): Promise<number> {
    return until(
      `${key.replicaId} to have a process`,
      () => this.machine.loads().find((one) => one.replicaId === key.replicaId)?.pid,
    )
  }

  checkpoints(): string[] {
    const dir = join(this.fs, '/data/checkpoints/run')
    return existsSync(dir)
      ? readdirSync(dir).filter((name) => name.startsWith('checkpoint-') && existsSync(join(dir, name, '.complete')))
      : []
  }

  checkpointStep(name: string): number {
    const text = readFileSync(join(this.fs, '/data/checkpoints/run', name, 'trainer_state.json'), 'utf8')
    return (JSON.parse(text) as { global_step: number }).global_step
  }

  async close(): Promise<void> {
    this.runtime.powerOff()
    await rm(this.dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}

let count = 0
export const newKey = (workloadName = 'fine-tune-llama'): ReplicaKey => ({
  replicaId: `rep_${process.pid}_${++count}`,
  generation: 1,
  workloadName,
})
