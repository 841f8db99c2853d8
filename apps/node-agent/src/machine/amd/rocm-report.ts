import type { GpuInventory } from '@clawbernetes/protocol/node/inventory'
import type { GpuCounter, GpuProcess, GpuSample } from '@clawbernetes/protocol/node/telemetry'
import * as z from 'zod'
import { modelName } from '../model-name'
import { countValue, numberValue, type Readability, textValue, verdictOf, worse } from '../nvidia/values'

const MIB = 1024 * 1024
const rocmJson = z.record(z.string(), z.record(z.string(), z.coerce.string()))
type Card = Record<string, string>

export interface RocmGpu {
  inventory: GpuInventory
  sample: GpuSample
  counters: GpuCounter[]
}

export interface RocmReport {
  driverVersion: string | null
  gpus: RocmGpu[]
  processes: GpuProcess[]
}

/** Output of `rocm-smi … --json`; names differ between ROCm releases, so each fact has several. null: no JSON in it. */
export function parseRocm(output: string): RocmReport | null {
  // Warnings come first on the same stream.
  const start = output.indexOf('{')
  const parsed = start < 0 ? null : rocmJson.safeParse(tryJson(output.slice(start)))
  if (!parsed?.success) return null
  const system = parsed.data.system ?? {}
  const cards = Object.entries(parsed.data).flatMap(([name, card]) => {
    const index = /^card(\d+)$/.exec(name)?.[1]
    return index === undefined ? [] : [{ index: Number(index), card }]
  })
  const links = xgmiGroups(system)
  const gpus = cards.map(({ index, card }) => rocmGpu(card, index, links.get(index) ?? null))
  return { driverVersion: textValue(system['Driver version']), gpus, processes: processes(system, gpus) }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The first of several names that this release prints; names end in ":" in some. */
function pick(card: Card, ...names: string[]): string | undefined {
  for (const name of names) {
    const found = card[name] ?? card[`${name}:`]
    if (found !== undefined && textValue(found) !== null) return found
  }
  return undefined
}

function rocmGpu(card: Card, index: number, linkDomain: string | null): RocmGpu {
  const uuid = uuidOf(card, index)
  const memoryBytes = numberValue(pick(card, 'VRAM Total Memory (B)'))
  const usedBytes = numberValue(pick(card, 'VRAM Total Used Memory (B)'))
  const memoryMib = memoryBytes === null ? null : Math.round(memoryBytes / MIB)
  const name =
    textValue(pick(card, 'Card series', 'Card Series', 'Card model', 'Card Model', 'Device Name')) ?? 'AMD GPU'
  let readability: Readability = 'ok'
  for (const value of Object.values(card)) readability = worse(readability, verdictOf(value))
  const replays = countValue(pick(card, 'PCIe Replay Count', 'PCIe Replay Counter'))
  return {
    inventory: {
      uuid,
      index,
      vendor: 'amd',
      name: name.slice(0, 200),
      model: modelName(name, memoryMib),
      memoryMib,
      pciBusId: textValue(pick(card, 'PCI Bus')),
      serial: textValue(pick(card, 'Serial Number')),
      slowdownTempC: null,
      shutdownTempC: null,
      slowdownMarginC: null,
      powerLimitW: numberValue(pick(card, 'Max Graphics Package Power (W)')),
      migEnabled: null,
      linkDomain,
      readability,
    },
    sample: {
      uuid,
      utilPct: numberValue(pick(card, 'GPU use (%)')),
      // "GPU memory use (%)" is the activity of the memory, as NVIDIA's utilisation is; allocation has its own name later on.
      memUtilPct: numberValue(pick(card, 'GPU Memory Read/Write Activity (%)', 'GPU memory use (%)')),
      memUsedMib: usedBytes === null ? null : Math.round(usedBytes / MIB),
      tempC: numberValue(
        pick(card, 'Temperature (Sensor junction) (C)', 'Temperature (Sensor edge) (C)', 'Temperature (Sensor #1) (C)'),
      ),
      tempMarginC: null,
      powerW: numberValue(
        pick(card, 'Current Socket Graphics Package Power (W)', 'Average Graphics Package Power (W)'),
      ),
      smClockMhz: numberValue(pick(card, 'sclk clock speed')?.replaceAll(/[()]/g, '')),
      throttleMask: null,
      readability,
    },
    counters:
      replays === null ? [] : [{ uuid, kind: 'pcie-replay', location: 'total', scope: 'volatile', value: replays }],
  }
}

/** The form that ROCR_VISIBLE_DEVICES takes; a card that does not tell its id is known by its slot. */
function uuidOf(card: Card, index: number): string {
  const id = /^0x([0-9a-f]{1,16})$/i.exec(textValue(pick(card, 'Unique ID')) ?? '')?.[1]
  if (id) return `GPU-${id.toLowerCase().padStart(16, '0')}`
  return `AMD-${textValue(pick(card, 'PCI Bus')) ?? `card${index}`}`
}

/** Cards joined by xGMI, as in "(Topology) Link type between DRM devices 0 and 1": "XGMI". */
function xgmiGroups(system: Card): Map<number, string> {
  const groups = new Map<number, number>()
  for (const [name, value] of Object.entries(system)) {
    const [, from, to] = /Link type between DRM devices (\d+) and (\d+)/.exec(name) ?? []
    if (from === undefined || to === undefined || value !== 'XGMI') continue
    const leader = Math.min(groups.get(Number(from)) ?? Number(from), groups.get(Number(to)) ?? Number(to))
    groups.set(Number(from), leader)
    groups.set(Number(to), leader)
  }
  return new Map([...groups].map(([card, leader]) => [card, `xgmi-${leader}`]))
}

/** "PID1234": "python3, 1, 4294967296, 0, 0": name, number of GPUs, bytes of VRAM. Which GPU is told only where there is one. */
function processes(system: Card, gpus: RocmGpu[]): GpuProcess[] {
  return Object.entries(system).flatMap(([name, value]) => {
    const pid = /^PID(\d+)$/.exec(name)?.[1]
    const [only] = gpus.length === 1 ? gpus : []
    if (pid === undefined || !only) return []
    const [process = '', , bytes] = value.split(', ')
    const used = numberValue(bytes)
    return [
      {
        uuid: only.inventory.uuid,
        pid: Number(pid),
        name: process.slice(0, 200),
        memUsedMib: used === null ? null : Math.round(used / MIB),
        replicaId: null,
      },
    ]
  })
}
