import type { HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import type { MachineFacts, MachineReading } from '../../machine/machine-driver'
import type { Fault } from '../faults/fault'
import { oomKillLine, recoveryLine, xidLine, xidOf } from '../faults/xid-lines'
import { GPU_MODELS, type GpuModelSpec } from '../physics/gpu-models'
import { type GpuDemand, stepGpu } from '../physics/gpu-step'
import { chance, seedOf } from '../physics/noise'
import type { ScenarioNode } from '../scenarios/scenario'
import { conditionOf } from './gpu-condition'
import { addCorrected, applyXidCounts, rebooted } from './gpu-counters'
import { diagnosticsOf } from './driver-text'
import { kernelPciId, simGpuUuid, simPciBusId, simSerial } from './gpu-identity'
import type { SimLoad } from './load'
import { demandsOf } from './machine-demand'
import { factsOf, readingOf } from './machine-report'
import { freshState, type MachineState } from './machine-state'
import { type MachineView, modelOf, ramUsedMib, type SimGpu } from './machine-view'
import { worldOf } from './machine-world'
import type { World } from './world-file'

const IDLE_DEMAND: GpuDemand = { busy: 0, intensity: 0 }
/** Air that a card blows at its neighbours, °C per watt. */
const NEIGHBOUR_K_PER_W = 0.003
/** Every so many corrected errors of a failing bank a row is remapped. */
const CORRECTED_PER_REMAP = 256
const KERNEL_LINES = 200
/** A pause of the simulator (a laptop that slept) is not lived through second by second. */
const LONGEST_TICK_S = 120

/** One simulated machine: its hardware, what its processes do to it, and the faults that are on. Time is an argument. */
export class SimMachine {
  readonly gpus: readonly SimGpu[]
  readonly spec: GpuModelSpec | null
  readonly state: MachineState
  timeScale = 1
  readonly #loads = new Map<string, SimLoad>()
  readonly #listeners = new Set<(event: HealthEvent) => void>()
  readonly #seed: number
  #faults: Fault[] = []
  #lastTickMs: number | null = null

  constructor(
    readonly fleet: string,
    readonly node: ScenarioNode,
    bootId: string,
    state?: MachineState,
  ) {
    this.spec = node.gpu ? GPU_MODELS[node.gpu.model] : null
    this.#seed = seedOf(`${fleet}/${node.name}`)
    this.state = state && state.gpus.length === (node.gpu?.count ?? 0) ? state : freshState(node, bootId)
    const air = { inletC: node.ambientC, fanHealth: 1 }
    this.gpus = this.state.gpus.map((held, index) => ({
      index,
      uuid: simGpuUuid(fleet, node.name, index),
      pciBusId: simPciBusId(index),
      serial: simSerial(fleet, node.name, index),
      seed: seedOf(`${fleet}/${node.name}/${index}`),
      moment: stepGpu(modelOf(this), held, IDLE_DEMAND, air, 0.001).moment,
    }))
  }

  get #view(): MachineView {
    const { node, spec, gpus, state } = this
    return { node, spec, gpus, state, loads: this.loads(), faults: this.#faults, seed: this.#seed }
  }

  facts(): MachineFacts {
    return factsOf(this.#view)
  }

  read(nowMs: number): MachineReading {
    this.tick(nowMs)
    return readingOf(this.#view)
  }

  diagnostics(gpuUuid: string | null): Record<string, string> {
    return diagnosticsOf(this.#view, gpuUuid)
  }

  world(nowMs: number): World {
    return worldOf(this.#view, this.timeScale, nowMs)
  }

  gpuOf(uuid: string): SimGpu | undefined {
    return this.gpus.find((gpu) => gpu.uuid === uuid)
  }

  setLoad(load: SimLoad): void {
    const before = this.#loads.get(load.replicaId)
    this.#loads.set(load.replicaId, load)
    if (load.phase === 'hung' && before?.phase !== 'hung') this.#contextHung(load)
  }

  dropLoad(replicaId: string): void {
    this.#loads.delete(replicaId)
  }

  loads(): readonly SimLoad[] {
    return [...this.#loads.values()]
  }

  freeRamMib(): number {
    return Math.max(0, this.node.memoryMib - ramUsedMib(this.#view))
  }

  onEvent(listener: (event: HealthEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Faults that were on before a restart: their effects hold, but nothing happens anew. */
  restoreFaults(faults: readonly Fault[]): void {
    this.#faults = [...faults]
  }

  faultOn(fault: Fault, nowMs: number): void {
    this.#faults.push(fault)
    const gpu = fault.gpu === null ? undefined : this.gpus[fault.gpu]
    if (!gpu) return
    if (fault.kind === 'gpu-lost') this.#xid(gpu, 79, nowMs)
    if (fault.kind === 'xid' && fault.code !== null) this.#xid(gpu, fault.code, nowMs)
  }

  faultOff(fault: Fault): void {
    this.#faults = this.#faults.filter((on) => on !== fault)
  }

  /** The machine booted: a new boot id, volatile counts from zero, cold cards. */
  reboot(bootId: string): void {
    this.#loads.clear()
    this.state.bootId = bootId
    this.state.kernelLog = []
    for (const held of this.state.gpus) {
      rebooted(held.counts)
      held.tempC = this.node.ambientC + 5
      held.hwThermal = false
    }
  }

  /** The cards count again as the scenario begins. */
  resetHardware(): void {
    const fresh = freshState(this.node, this.state.bootId)
    for (const [index, held] of this.state.gpus.entries()) {
      held.counts = fresh.gpus[index]?.counts ?? held.counts
      held.eccDue = 0
    }
  }

  /** Moves the machine on to `nowMs`. */
  tick(nowMs: number): void {
    const elapsedMs = this.#lastTickMs === null ? 0 : Math.max(0, nowMs - this.#lastTickMs)
    this.#lastTickMs = nowMs
    const dtS = Math.min(LONGEST_TICK_S, elapsedMs / 1000) * this.timeScale
    this.state.simMs += dtS * 1000
    const demands = demandsOf(this.#view)
    const watts = this.gpus.map((gpu) => gpu.moment.powerW)
    for (const gpu of this.gpus) {
      const blown = (watts[gpu.index - 1] ?? 0) + (watts[gpu.index + 1] ?? 0)
      this.#tickGpu(
        gpu,
        demands.get(gpu.uuid) ?? IDLE_DEMAND,
        this.node.ambientC + NEIGHBOUR_K_PER_W * blown,
        dtS,
        nowMs,
      )
    }
  }

  #tickGpu(gpu: SimGpu, asked: GpuDemand, inletC: number, dtS: number, nowMs: number): void {
    const held = this.state.gpus[gpu.index]
    if (!held) return
    const { readability, fanHealth, correctedPerHour } = conditionOf(this.#faults, gpu.index)
    const demand = readability === 'ok' ? asked : IDLE_DEMAND
    const next = stepGpu(modelOf(this), held, demand, { inletC, fanHealth }, Math.max(dtS, 0.001))
    held.tempC = next.state.tempC
    held.hwThermal = next.state.hwThermal
    gpu.moment = next.moment
    this.#memoryErrors(gpu, held, correctedPerHour, dtS, nowMs)
  }

  #memoryErrors(
    gpu: SimGpu,
    held: MachineState['gpus'][number],
    faultPerHour: number,
    dtS: number,
    nowMs: number,
  ): void {
    const own = this.node.gpuHistory.find((h) => h.index === gpu.index)?.correctedPerHour ?? 0
    held.eccDue += (own + faultPerHour) * (dtS / 3600)
    const remaps = () => Math.floor(held.counts.lifeCorrectedDram / CORRECTED_PER_REMAP)
    while (held.eccDue >= 1) {
      const before = remaps()
      // A failing bank throws several at once.
      const burst = faultPerHour > 0 ? 1 + Math.floor(chance(gpu.seed, held.counts.lifeCorrectedDram) * 3) : 1
      addCorrected(held.counts, burst)
      held.eccDue -= burst
      if (faultPerHour > 0 && remaps() !== before) this.#xid(gpu, 63, nowMs)
    }
  }

  #xid(gpu: SimGpu, code: number, atMs: number): void {
    const xid = xidOf(code)
    const counts = this.state.gpus[gpu.index]?.counts
    if (counts && xid.counts) applyXidCounts(counts, xid.counts)
    const load = this.loads().find((l) => l.gpuUuids.includes(gpu.uuid)) ?? null
    const pci = kernelPciId(gpu.pciBusId)
    this.#emit({ kind: 'xid', gpu, code, line: xidLine(code, pci, load), replicaId: load?.replicaId ?? null, atMs })
    if (!xid.recovery) return
    this.#emit({ kind: 'xid', gpu, code: 154, line: recoveryLine(pci, xid.recovery), replicaId: null, atMs })
  }

  #contextHung(load: SimLoad): void {
    const gpu = load.gpuUuids[0] === undefined ? undefined : this.gpuOf(load.gpuUuids[0])
    if (!gpu) return
    const from = { gpu, replicaId: load.replicaId, atMs: this.#lastTickMs ?? 0 }
    this.#emit({ kind: 'xid', code: 13, line: xidLine(13, kernelPciId(gpu.pciBusId), load), ...from })
    this.#emit({ kind: 'context-hung', code: load.pid, line: null, ...from })
  }

  /** The kernel ended a process because the machine (or its limit) had no memory left. */
  oomKilled(pid: number, name: string, rssMib: number, replicaId: string, atMs: number): void {
    const line = oomKillLine(pid, name, Math.round(rssMib * 1024))
    this.#emit({ kind: 'oom-kill', gpu: null, code: pid, line, replicaId, atMs })
  }

  #emit(e: Pick<HealthEvent, 'kind' | 'code' | 'line' | 'replicaId' | 'atMs'> & { gpu: SimGpu | null }): void {
    const { gpu, ...told } = e
    this.state.eventSeq += 1
    if (e.line !== null)
      this.state.kernelLog = [...this.state.kernelLog, { atMs: Math.round(e.atMs), line: e.line }].slice(-KERNEL_LINES)
    const key = `${e.kind}:${this.state.bootId}:${this.state.eventSeq}`
    const place = { uuid: gpu?.uuid ?? null, pciBusId: gpu?.pciBusId ?? null }
    for (const listener of this.#listeners) listener({ key, ...told, atMs: Math.round(e.atMs), ...place })
  }
}
