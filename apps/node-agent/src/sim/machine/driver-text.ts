import { THROTTLE_BITS } from '@clawbernetes/protocol/node/telemetry'
import { xidOf } from '../faults/xid-lines'
import { conditionOf } from './gpu-condition'
import { type MachineView, modelOf, type SimGpu } from './machine-view'
import { readingOf } from './machine-report'

const LABEL_WIDTH = 51

/** What the tools of a real driver would print here, by the command that prints it. `gpuUuid` null: all GPUs. */
export function diagnosticsOf(view: MachineView, gpuUuid: string | null): Record<string, string> {
  const gpus = view.gpus.filter((gpu) => gpuUuid === null || gpu.uuid === gpuUuid)
  return {
    'nvidia-smi -q': reportText(view, gpus),
    'nvidia-smi --query-compute-apps': computeAppsText(view, gpus),
    'kernel log': view.state.kernelLog.map(({ atMs, line }) => `[${humanTime(atMs)}] ${line}`).join('\n'),
  }
}

/** `nvidia-smi -q`, shortened to what the simulator knows. */
function reportText(view: MachineView, gpus: readonly SimGpu[]): string {
  const head = [
    '==============NVSMI LOG==============',
    '',
    row(0, 'Driver Version', view.node.driverVersion),
    row(0, 'CUDA Version', view.node.cudaVersion),
    row(0, 'Attached GPUs', String(view.gpus.length)),
  ]
  return [...head, ...gpus.flatMap((gpu) => gpuText(view, gpu))].join('\n')
}

function gpuText(view: MachineView, gpu: SimGpu): string[] {
  const spec = modelOf(view)
  const { readability } = conditionOf(view.faults, gpu.index)
  const title = `GPU ${gpu.pciBusId}`
  if (readability === 'lost') return [title, row(1, 'Product Name', 'GPU is lost'), row(1, 'GPU UUID', 'GPU is lost')]
  const sample = readingOf(view).gpus[gpu.index]
  const used = sample?.memUsedMib ?? 0
  return [
    title,
    row(1, 'Product Name', spec.name),
    row(1, 'Serial Number', gpu.serial),
    row(1, 'GPU UUID', gpu.uuid),
    row(1, 'GPU Recovery Action', recoveryWords(view, gpu)),
    ...throttleText(gpu.moment.throttleMask),
    '    FB Memory Usage',
    row(2, 'Total', `${spec.memoryMib} MiB`),
    row(2, 'Used', `${used} MiB`),
    row(2, 'Free', `${spec.memoryMib - used} MiB`),
    '    Utilization',
    row(2, 'GPU', `${sample?.utilPct ?? 0} %`),
    row(2, 'Memory', `${sample?.memUtilPct ?? 0} %`),
    ...countsText(view, gpu),
    ...temperatureText(view, gpu),
    '    GPU Power Readings',
    row(2, 'Average Power Draw', `${gpu.moment.powerW.toFixed(2)} W`),
    row(2, 'Current Power Limit', `${spec.powerLimitW.toFixed(2)} W`),
    '    Clocks',
    row(2, 'SM', `${sample?.smClockMhz ?? 0} MHz`),
  ]
}

function throttleText(mask: number): string[] {
  const reason = (depth: number, label: string, bit: number) => row(depth, label, mask & bit ? 'Active' : 'Not Active')
  return [
    '    Clocks Event Reasons',
    reason(2, 'Idle', THROTTLE_BITS.idle),
    reason(2, 'SW Power Cap', THROTTLE_BITS.swPowerCap),
    reason(2, 'HW Slowdown', THROTTLE_BITS.hwSlowdown),
    reason(3, 'HW Thermal Slowdown', THROTTLE_BITS.hwThermal),
    reason(3, 'HW Power Brake Slowdown', THROTTLE_BITS.hwPowerBrake),
    reason(2, 'SW Thermal Slowdown', THROTTLE_BITS.swThermal),
  ]
}

function countsText(view: MachineView, gpu: SimGpu): string[] {
  const c = view.state.gpus[gpu.index]?.counts
  if (!c) return []
  const errors = (correctedSram: number, uncorrectedSram: number, correctedDram: number, uncorrectedDram: number) => [
    row(3, 'SRAM Correctable', String(correctedSram)),
    row(3, 'SRAM Uncorrectable', String(uncorrectedSram)),
    row(3, 'DRAM Correctable', String(correctedDram)),
    row(3, 'DRAM Uncorrectable', String(uncorrectedDram)),
  ]
  return [
    '    ECC Errors',
    '        Volatile',
    ...errors(c.correctedSram, c.uncorrectedSram, c.correctedDram, c.uncorrectedDram),
    '        Aggregate',
    ...errors(c.lifeCorrectedSram, c.lifeUncorrectedSram, c.lifeCorrectedDram, c.lifeUncorrectedDram),
    '    Remapped Rows',
    row(2, 'Correctable Error', String(c.remappedCorrectable)),
    row(2, 'Uncorrectable Error', String(c.remappedUncorrectable)),
    row(2, 'Pending', c.remapPending ? 'Yes' : 'No'),
    row(2, 'Remapping Failure Occurred', c.remapFailure ? 'Yes' : 'No'),
  ]
}

function temperatureText(view: MachineView, gpu: SimGpu): string[] {
  const spec = modelOf(view)
  const now = row(2, 'GPU Current Temp', `${Math.round(gpu.moment.tempC)} C`)
  if (!spec.reportsMargins) {
    const limits = [
      row(2, 'GPU Shutdown Temp', `${spec.shutdownTempC} C`),
      row(2, 'GPU Slowdown Temp', `${spec.slowdownTempC} C`),
      row(2, 'GPU Max Operating Temp', `${spec.maxOperatingTempC} C`),
    ]
    return ['    Temperature', now, ...limits]
  }
  return [
    '    Temperature',
    now,
    row(2, 'GPU T.Limit Temp', `${Math.round(gpu.moment.tempMarginC)} C`),
    row(2, 'GPU Shutdown T.Limit Temp', `${spec.maxOperatingTempC - spec.shutdownTempC} C`),
    row(2, 'GPU Slowdown T.Limit Temp', `${spec.maxOperatingTempC - spec.slowdownTempC} C`),
    row(2, 'GPU Max Operating T.Limit Temp', '0 C'),
  ]
}

/** The driver's wish, in its words: what the last XID with a wish said. */
function recoveryWords(view: MachineView, gpu: SimGpu): string {
  const wishes = view.faults.flatMap((fault) =>
    fault.gpu === gpu.index && fault.kind === 'xid' && fault.code !== null ? [xidOf(fault.code).recovery] : [],
  )
  const last = wishes.filter((wish) => wish !== undefined).at(-1)
  if (!last) return 'None'
  return last.includes('Reboot') ? 'Node Reboot Required' : 'GPU Reset Required'
}

function computeAppsText(view: MachineView, gpus: readonly SimGpu[]): string {
  const rows = readingOf(view)
    .processes.filter((process) => gpus.some((gpu) => gpu.uuid === process.uuid))
    .map((p) => `${p.uuid}, ${p.pid}, ${p.memUsedMib ?? '[N/A]'} MiB, ${p.name}`)
  return ['gpu_uuid, pid, used_gpu_memory [MiB], process_name', ...rows].join('\n')
}

const row = (depth: number, label: string, value: string): string =>
  `${`${' '.repeat(depth * 4)}${label}`.padEnd(LABEL_WIDTH)}: ${value}`

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As `dmesg -T` prints times: "Mon Jan  5 09:00:00 2026". */
function humanTime(atMs: number): string {
  const at = new Date(atMs)
  const day = String(at.getUTCDate()).padStart(2)
  return `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${day} ${at.toISOString().slice(11, 19)} ${at.getUTCFullYear()}`
}
