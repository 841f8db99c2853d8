import type { GpuProcess, GpuSample, HealthEvent, HostSample } from '@clawbernetes/protocol/node/telemetry'
import type { GpuInventory } from '@clawbernetes/protocol/node/inventory'
import type { MachineFacts, MachineReading } from '../../machine/machine-driver'
import type { Fault } from '../faults/fault'
import { oomKillLine, recoveryLine, xidLine, xidOf } from '../faults/xid-lines'
import { gangDemand, gangSpeed } from '../physics/gang'
import { GPU_MODELS, type GpuModelSpec } from '../physics/gpu-models'
import { type GpuDemand, type GpuMoment, stepGpu } from '../physics/gpu-step'
import { chance, drift, seedOf } from '../physics/noise'
import { demandAt } from '../physics/rhythm'
import type { ScenarioNode } from '../scenarios/scenario'
import { conditionOf } from './gpu-condition'
import { addCorrected, addUncorrected, counterList, rebooted } from './gpu-counters'
import { kernelPciId, simGpuUuid, simPciBusId, simSerial } from './gpu-identity'
import type { SimLoad } from './load'
import { freshState, type MachineState } from './machine-state'
import type { ProcessEffect, World } from './world-file'

interface SimGpu {
  index: number
  uuid: string
  pciBusId: string
  serial: string
  seed: number
  moment: GpuMoment
}

const IDLE_DEMAND: GpuDemand = { busy: 0, intensity: 0 }
/** Air that a card blows at its neighbours, °C per watt. */
const NEIGHBOUR_K_PER_W = 0.003
/** Every so many corrected errors of a failing bank a row is remapped. */
const CORRECTED_PER_REMAP = 256
const DRIVER_OVERHEAD_MIB = 4
const BASE_RAM_MIB = 2800
/** A pause of the simulator (a laptop that slept) is not lived through second by second. */
const LONGEST_TICK_S = 120

/** One simulated machine: its hardware, what its processes do to it, and the faults that are on. Time is an argument. */
export class SimMachine {
  readonly gpus: readonly SimGpu[]
  readonly spec: GpuModelSpec | null
  readonly state: MachineState
  timeScale = 1
  #loads = new Map<string, SimLoad>()
  #faults: Fault[] = []
  #listeners = new Set<(event: HealthEvent) => void>()
  #lastTickMs: number | null = null
  #seed: number

  constructor(
    readonly fleet: string,
    readonly node: ScenarioNode,
    bootId: string,
    state?: MachineState,
  ) {
    this.spec = node.gpu ? GPU_MODELS[node.gpu.model] : null
    this.#seed = seedOf(`${fleet}/${node.name}`)
    this.state = state && state.gpus.length === (node.gpu?.count ?? 0) ? state : freshState(node, bootId)
    this.gpus = this.state.gpus.map((held, index) => ({
      index,
      uuid: simGpuUuid(fleet, node.name, index),
      pciBusId: simPciBusId(index),
      serial: simSerial(fleet, node.name, index),
      seed: seedOf(`${fleet}/${node.name}/${index}`),
      moment: stepGpu(this.#model(), held, IDLE_DEMAND, { inletC: node.ambientC, fanHealth: 1 }, 0.001).moment,
    }))
  }

  #model(): GpuModelSpec {
    if (!this.spec) throw new Error('a machine without GPUs has no GPU model')
    return this.spec
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
    return Math.max(0, this.node.memoryMib - this.#ramUsedMib())
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
    const elapsedS =
      this.#lastTickMs === null ? 0 : Math.min(LONGEST_TICK_S, Math.max(0, (nowMs - this.#lastTickMs) / 1000))
    this.#lastTickMs = nowMs
    const dtS = elapsedS * this.timeScale
    this.state.simMs += dtS * 1000
    if (this.spec === null) return
    const demands = this.#demands()
    const watts = this.gpus.map((gpu) => gpu.moment.powerW)
    for (const gpu of this.gpus) {
      const held = this.state.gpus[gpu.index]
      if (!held) continue
      const condition = conditionOf(this.#faults, gpu.index)
      const demand = condition.readability === 'ok' ? (demands.get(gpu.uuid) ?? IDLE_DEMAND) : IDLE_DEMAND
      const inletC =
        this.node.ambientC + NEIGHBOUR_K_PER_W * ((watts[gpu.index - 1] ?? 0) + (watts[gpu.index + 1] ?? 0))
      const next = stepGpu(
        this.#model(),
        held,
        demand,
        { inletC, fanHealth: condition.fanHealth },
        Math.max(dtS, 0.001),
      )
      held.tempC = next.state.tempC
      held.hwThermal = next.state.hwThermal
      gpu.moment = next.moment
      this.#memoryErrors(gpu, held, condition.correctedPerHour, dtS, nowMs)
    }
  }

  #demands(): Map<string, GpuDemand> {
    const demands = new Map<string, GpuDemand>()
    for (const load of this.#loads.values()) {
      const members = load.gpuUuids.map((uuid) => this.gpuOf(uuid)).filter((gpu): gpu is SimGpu => gpu !== undefined)
      const slowest = gangSpeed(members.map((gpu) => gpu.moment.speed))
      const processSeed = seedOf(load.replicaId)
      for (const gpu of members) {
        const own = demandAt(load.phase, load.busyShare, load.intensity, this.state.simMs, processSeed, gpu.seed)
        demands.set(gpu.uuid, load.phase === 'compute' ? gangDemand(own, gpu.moment.speed, slowest) : own)
      }
    }
    return demands
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
    while (held.eccDue >= 1) {
      const burst = faultPerHour > 0 ? 1 + Math.floor(chance(gpu.seed, held.counts.lifeCorrectedDram) * 3) : 1
      const before = held.counts.lifeCorrectedDram
      addCorrected(held.counts, burst)
      held.eccDue -= burst
      if (
        faultPerHour > 0 &&
        Math.floor(before / CORRECTED_PER_REMAP) !== Math.floor(held.counts.lifeCorrectedDram / CORRECTED_PER_REMAP)
      )
        this.#xid(gpu, 63, nowMs)
    }
  }

  #xid(gpu: SimGpu, code: number, nowMs: number): void {
    const xid = xidOf(code)
    const counts = this.state.gpus[gpu.index]?.counts
    if (counts) {
      if (xid.counts === 'corrected') addCorrected(counts, 32)
      if (xid.counts === 'uncorrected-dram') addUncorrected(counts, 'dram')
      if (xid.counts === 'uncorrected-sram') addUncorrected(counts, 'sram')
      if (xid.counts === 'remapped') {
        counts.remappedCorrectable += 1
        counts.remapPending = true
      }
      if (xid.counts === 'remap-failure') counts.remapFailure = true
    }
    const load = this.loads().find((l) => l.gpuUuids.includes(gpu.uuid)) ?? null
    const pci = kernelPciId(gpu.pciBusId)
    this.#emit({
      kind: 'xid',
      gpu,
      code,
      line: xidLine(code, pci, load),
      replicaId: load?.replicaId ?? null,
      atMs: nowMs,
    })
    if (xid.recovery)
      this.#emit({ kind: 'xid', gpu, code: 154, line: recoveryLine(pci, xid.recovery), replicaId: null, atMs: nowMs })
  }

  #contextHung(load: SimLoad): void {
    const atMs = this.#lastTickMs ?? Date.now()
    const gpu = load.gpuUuids[0] === undefined ? undefined : this.gpuOf(load.gpuUuids[0])
    if (!gpu) return
    this.#emit({
      kind: 'xid',
      gpu,
      code: 13,
      line: xidLine(13, kernelPciId(gpu.pciBusId), load),
      replicaId: load.replicaId,
      atMs,
    })
    this.#emit({ kind: 'context-hung', gpu, code: load.pid, line: null, replicaId: load.replicaId, atMs })
  }

  /** The kernel ended a process because the machine (or its limit) had no memory left. */
  oomKilled(pid: number, name: string, rssMib: number, replicaId: string, nowMs: number): void {
    this.#emit({
      kind: 'oom-kill',
      gpu: null,
      code: pid,
      line: oomKillLine(pid, name, Math.round(rssMib * 1024)),
      replicaId,
      atMs: nowMs,
    })
  }

  #emit(e: {
    kind: HealthEvent['kind']
    gpu: SimGpu | null
    code: number
    line: string | null
    replicaId: string | null
    atMs: number
  }): void {
    this.state.eventSeq += 1
    const event: HealthEvent = {
      key: `${e.kind}:${this.state.bootId}:${this.state.eventSeq}`,
      atMs: Math.round(e.atMs),
      kind: e.kind,
      uuid: e.gpu?.uuid ?? null,
      pciBusId: e.gpu?.pciBusId ?? null,
      code: e.code,
      line: e.line,
      replicaId: e.replicaId,
    }
    for (const listener of this.#listeners) listener(event)
  }

  facts(): MachineFacts {
    const { node } = this
    return {
      hostname: node.name,
      os: 'Ubuntu 22.04.5 LTS',
      kernel: node.kernel,
      arch: 'x64',
      bootId: this.state.bootId,
      cpuModel: node.cpuModel,
      cpuCores: node.cpuCores,
      memoryMib: node.memoryMib,
      diskTotalMib: node.diskTotalMib,
      driver: 'sim',
      driverVersion: node.driverVersion,
      cudaVersion: node.cudaVersion,
      gpus: this.gpus.map((gpu) => this.#gpuFacts(gpu)),
      demo: true,
    }
  }

  #gpuFacts(gpu: SimGpu): GpuInventory {
    const spec = this.#model()
    const { readability } = conditionOf(this.#faults, gpu.index)
    const known = readability !== 'lost'
    return {
      uuid: gpu.uuid,
      index: gpu.index,
      vendor: 'nvidia',
      name: spec.name,
      model: spec.model,
      memoryMib: known ? spec.memoryMib : null,
      pciBusId: gpu.pciBusId,
      serial: known ? gpu.serial : null,
      slowdownTempC: spec.reportsMargins ? null : spec.slowdownTempC,
      shutdownTempC: spec.reportsMargins ? null : spec.shutdownTempC,
      slowdownMarginC: spec.reportsMargins ? spec.maxOperatingTempC - spec.slowdownTempC : null,
      powerLimitW: known ? spec.powerLimitW : null,
      migEnabled: known ? false : null,
      linkDomain: `nvswitch-${this.node.name}`,
      readability,
    }
  }

  read(nowMs: number): MachineReading {
    this.tick(nowMs)
    const readable = this.gpus.filter((gpu) => conditionOf(this.#faults, gpu.index).readability !== 'lost')
    return {
      gpus: this.gpus.map((gpu) => this.#gpuSample(gpu)),
      host: this.#hostSample(),
      counters: readable.flatMap((gpu) => counterList(gpu.uuid, this.state.gpus[gpu.index]!.counts)),
      processes: this.#processes(),
    }
  }

  #gpuSample(gpu: SimGpu): GpuSample {
    const { readability } = conditionOf(this.#faults, gpu.index)
    if (readability === 'lost') {
      return {
        uuid: gpu.uuid,
        utilPct: null,
        memUtilPct: null,
        memUsedMib: null,
        tempC: null,
        tempMarginC: null,
        powerW: null,
        smClockMhz: null,
        throttleMask: null,
        readability,
      }
    }
    const { moment } = gpu
    const utilPct = Math.round(Math.min(100, moment.utilPct))
    return {
      uuid: gpu.uuid,
      utilPct,
      memUtilPct: Math.round(utilPct * 0.52),
      memUsedMib: Math.min(this.#model().memoryMib, DRIVER_OVERHEAD_MIB + this.#gpuMemoryMib(gpu.uuid)),
      tempC: Math.round(moment.tempC),
      tempMarginC: Math.round(moment.tempMarginC),
      powerW: Math.round(moment.powerW * 10) / 10,
      smClockMhz: Math.round(moment.smClockMhz / 15) * 15,
      throttleMask: moment.throttleMask,
      readability,
    }
  }

  #gpuMemoryMib(uuid: string): number {
    let sum = 0
    for (const load of this.#loads.values()) if (load.gpuUuids.includes(uuid)) sum += load.gpuMemoryMib
    return Math.round(sum)
  }

  #ramUsedMib(): number {
    let sum = Math.min(BASE_RAM_MIB, this.node.memoryMib * 0.15)
    for (const load of this.#loads.values()) sum += load.ramMib
    return Math.min(this.node.memoryMib, sum)
  }

  #hostSample(): HostSample {
    const { simMs } = this.state
    const wobble = (salt: number, periodMs: number) => 1 + 0.08 * drift(this.#seed ^ salt, simMs, periodMs)
    let cores = 0.35 + this.node.cpuCores * 0.008
    let net = 40_000
    for (const load of this.#loads.values()) {
      const active = load.phase === 'hung' || load.phase === 'waiting' ? 0.1 : 1
      cores += load.cpuCores * active
      net += load.netBytesPerS * active
    }
    cores = Math.min(this.node.cpuCores, cores * wobble(1, 7000))
    return {
      cpuPct: Math.round((cores / this.node.cpuCores) * 1000) / 10,
      memUsedMib: Math.round(Math.min(this.node.memoryMib, this.#ramUsedMib() * wobble(2, 30_000))),
      diskUsedMib: this.node.diskUsedMib,
      netRxBytesPerS: Math.round(net * wobble(3, 5000)),
      netTxBytesPerS: Math.round(net * 0.6 * wobble(4, 5000)),
      load1: Math.round(cores * wobble(5, 20_000) * 100) / 100,
    }
  }

  #processes(): GpuProcess[] {
    return this.loads().flatMap((load) =>
      load.gpuUuids.map((uuid) => ({
        uuid,
        pid: load.pid,
        name: load.name,
        memUsedMib: Math.round(load.gpuMemoryMib),
        replicaId: load.replicaId,
      })),
    )
  }

  /** What the processes on this machine can notice of their hardware. */
  world(nowMs: number): World {
    const gpus: World['gpus'] = {}
    for (const gpu of this.gpus) {
      gpus[gpu.uuid] = {
        index: gpu.index,
        speed: Math.round(gpu.moment.speed * 1000) / 1000,
        memoryMib: this.#model().memoryMib,
        effects: this.#effects(gpu),
      }
    }
    return { atMs: nowMs, timeScale: this.timeScale, gpus }
  }

  #effects(gpu: SimGpu): ProcessEffect[] {
    const effects: ProcessEffect[] = []
    for (const fault of this.#faults) {
      if (fault.gpu !== gpu.index) continue
      const add = (kind: ProcessEffect['kind'], message: string | null) =>
        effects.push({ kind, atMs: fault.sinceMs, message })
      if (fault.kind === 'oom') add('memory-spike-dies', null)
      if (fault.kind === 'hung-context') add('memory-spike-hangs', null)
      if (fault.kind === 'gpu-lost') add('unusable', 'CUDA error: unknown error')
      if (fault.kind !== 'xid' || fault.code === null) continue
      const { effect, cudaError } = xidOf(fault.code)
      if (effect === 'process-dies') add('dies', cudaError ?? null)
      if (effect === 'process-hangs') add('hangs', null)
      if (effect === 'gpu-lost' || effect === 'needs-reset') add('unusable', cudaError ?? 'CUDA error: unknown error')
    }
    return effects
  }
}
