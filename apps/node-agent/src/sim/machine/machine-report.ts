import type { GpuInventory } from '@clawbernetes/protocol/node/inventory'
import type { GpuProcess, GpuSample, HostSample } from '@clawbernetes/protocol/node/telemetry'
import type { MachineFacts, MachineReading } from '../../machine/machine-driver'
import { drift } from '../physics/noise'
import { conditionOf } from './gpu-condition'
import { counterList } from './gpu-counters'
import { type MachineView, modelOf, ramUsedMib, type SimGpu } from './machine-view'

/** What the driver itself holds on a card. */
const DRIVER_OVERHEAD_MIB = 4
const CLOCK_STEP_MHZ = 15
/** Memory traffic of a busy training card, as a share of its utilisation. */
const MEMORY_BUSY_SHARE = 0.52

/** What the machine is, in the words of the node protocol. */
export function factsOf(view: MachineView): MachineFacts {
  const { node } = view
  return {
    hostname: node.name,
    os: 'Ubuntu 22.04.5 LTS',
    kernel: node.kernel,
    arch: 'x64',
    bootId: view.state.bootId,
    cpuModel: node.cpuModel,
    cpuCores: node.cpuCores,
    memoryMib: node.memoryMib,
    diskTotalMib: node.diskTotalMib,
    driver: 'sim',
    driverVersion: node.driverVersion,
    cudaVersion: node.cudaVersion,
    gpus: view.gpus.map((gpu) => gpuFacts(view, gpu)),
    demo: true,
  }
}

function gpuFacts(view: MachineView, gpu: SimGpu): GpuInventory {
  const spec = modelOf(view)
  const { readability } = conditionOf(view.faults, gpu.index)
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
    linkDomain: `nvswitch-${view.node.name}`,
    readability,
  }
}

/** One look at the machine, in the words of the node protocol. A card that is lost says nothing, not zero. */
export function readingOf(view: MachineView): MachineReading {
  const readable = view.gpus.filter((gpu) => conditionOf(view.faults, gpu.index).readability !== 'lost')
  return {
    gpus: view.gpus.map((gpu) => gpuSample(view, gpu)),
    host: hostSample(view),
    counters: readable.flatMap((gpu) => {
      const counts = view.state.gpus[gpu.index]?.counts
      return counts ? counterList(gpu.uuid, counts) : []
    }),
    processes: processesOf(view),
  }
}

function gpuSample(view: MachineView, gpu: SimGpu): GpuSample {
  const { uuid, moment } = gpu
  const { readability } = conditionOf(view.faults, gpu.index)
  if (readability === 'lost') {
    const nothing = { utilPct: null, memUtilPct: null, memUsedMib: null, tempC: null, tempMarginC: null }
    return { uuid, ...nothing, powerW: null, smClockMhz: null, throttleMask: null, readability }
  }
  const utilPct = Math.round(Math.min(100, moment.utilPct))
  const heldMib = view.loads.reduce((sum, load) => sum + (load.gpuUuids.includes(uuid) ? load.gpuMemoryMib : 0), 0)
  return {
    uuid,
    utilPct,
    memUtilPct: Math.round(utilPct * MEMORY_BUSY_SHARE),
    memUsedMib: Math.min(modelOf(view).memoryMib, DRIVER_OVERHEAD_MIB + Math.round(heldMib)),
    tempC: Math.round(moment.tempC),
    tempMarginC: Math.round(moment.tempMarginC),
    powerW: Math.round(moment.powerW * 10) / 10,
    smClockMhz: Math.round(moment.smClockMhz / CLOCK_STEP_MHZ) * CLOCK_STEP_MHZ,
    throttleMask: moment.throttleMask,
    readability,
  }
}

function hostSample(view: MachineView): HostSample {
  const { node, state, seed } = view
  const wobble = (salt: number, periodMs: number) => 1 + 0.08 * drift(seed ^ salt, state.simMs, periodMs)
  let cores = 0.35 + node.cpuCores * 0.008
  let net = 40_000
  for (const load of view.loads) {
    const active = load.phase === 'hung' || load.phase === 'waiting' ? 0.1 : 1
    cores += load.cpuCores * active
    net += load.netBytesPerS * active
  }
  cores = Math.min(node.cpuCores, cores * wobble(1, 7000))
  return {
    cpuPct: Math.round((cores / node.cpuCores) * 1000) / 10,
    memUsedMib: Math.round(Math.min(node.memoryMib, ramUsedMib(view) * wobble(2, 30_000))),
    diskUsedMib: node.diskUsedMib,
    netRxBytesPerS: Math.round(net * wobble(3, 5000)),
    netTxBytesPerS: Math.round(net * 0.6 * wobble(4, 5000)),
    load1: Math.round(cores * wobble(5, 20_000) * 100) / 100,
  }
}

const processesOf = (view: MachineView): GpuProcess[] =>
  view.loads.flatMap(({ gpuUuids, pid, name, gpuMemoryMib, replicaId }) =>
    gpuUuids.map((uuid) => ({ uuid, pid, name, memUsedMib: Math.round(gpuMemoryMib), replicaId })),
  )
