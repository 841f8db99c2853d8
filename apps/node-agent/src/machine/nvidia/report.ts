import type { GpuCounter } from '@clawbernetes/protocol/node/telemetry'
import { eccEntries, remapEntries } from './gpu-query'
import { needsReset, recoveryAction } from './recovery-action'
import { parseTextReport, parseXmlReport, type ReportNode, told, walk } from './report-tree'
import { countValue, flagValue, numberValue, type Readability, sumOf, textValue, verdictOf, worse } from './values'

/** What the full report says of one GPU: what changes rarely, and the counters that the quick query lacks. */
export interface GpuReport {
  busId: string
  uuid: string | null
  name: string | null
  serial: string | null
  memoryMib: number | null
  slowdownTempC: number | null
  shutdownTempC: number | null
  slowdownMarginC: number | null
  powerLimitW: number | null
  migEnabled: boolean | null
  /** NVLink fabric: GPUs of one cluster and clique; null: none, or not told. */
  fabric: string | null
  recoveryAction: number | null
  readability: Readability
  counters: Omit<GpuCounter, 'uuid'>[]
}

export interface DriverReport {
  driverVersion: string | null
  cudaVersion: string | null
  gpus: GpuReport[]
}

/** Reads `nvidia-smi -q -x`, or `-q` where the XML cannot be had; null: neither can be made sense of. */
export function parseReport(output: string): DriverReport | null {
  const tree = output.trimStart().startsWith('<') ? parseXmlReport(output.trim()) : parseTextReport(output)
  const log = tree?.children.find((node) => node.name === 'nvidia_smi_log') ?? tree
  if (!log) return null
  return {
    driverVersion: textValue(told(log, 'driver_version', 'Driver Version')),
    cudaVersion: textValue(told(log, 'cuda_version', 'CUDA Version')),
    gpus: log.children.filter((node) => node.name === 'gpu').map(gpuReport),
  }
}

function gpuReport(gpu: ReportNode): GpuReport {
  const action = recoveryAction(told(gpu, 'gpu_recovery_action', 'GPU Recovery Action'))
  const resetRequired =
    flagValue(told(gpu, 'gpu_reset_status/reset_required', 'GPU Reset Status/Reset Required')) === true
  return {
    busId: gpu.text ?? told(gpu, 'pci/pci_bus_id', 'PCI/Bus Id') ?? '',
    uuid: textValue(told(gpu, 'uuid', 'GPU UUID')),
    name: textValue(told(gpu, 'product_name', 'Product Name')),
    serial: textValue(told(gpu, 'serial', 'Serial Number')),
    memoryMib: countValue(told(gpu, 'fb_memory_usage/total', 'FB Memory Usage/Total')),
    ...limits(gpu),
    migEnabled: flagValue(told(gpu, 'mig_mode/current_mig', 'MIG Mode/Current')),
    fabric: fabric(gpu),
    recoveryAction: action,
    readability: worse(worstOf(gpu), needsReset(action) || resetRequired ? 'requires-reset' : 'ok'),
    counters: [...ecc(gpu), ...remapped(gpu), ...replays(gpu)],
  }
}

function worstOf(gpu: ReportNode): Readability {
  let worst: Readability = 'ok'
  for (const node of walk(gpu)) if (node.text !== null) worst = worse(worst, verdictOf(node.text))
  return worst
}

/** Absolute limits on older drivers, margins below the limit on newer ones: never one taken for the other. */
function limits(gpu: ReportNode) {
  return {
    slowdownTempC: numberValue(told(gpu, 'temperature/gpu_temp_slow_threshold', 'Temperature/GPU Slowdown Temp')),
    shutdownTempC: numberValue(told(gpu, 'temperature/gpu_temp_max_threshold', 'Temperature/GPU Shutdown Temp')),
    slowdownMarginC: numberValue(
      told(gpu, 'temperature/gpu_temp_slow_tlimit_threshold', 'Temperature/GPU Slowdown T.Limit Temp'),
    ),
    powerLimitW: numberValue(
      told(
        gpu,
        'gpu_power_readings/current_power_limit',
        'power_readings/enforced_power_limit',
        'power_readings/power_limit',
        'GPU Power Readings/Current Power Limit',
        'Power Readings/Enforced Power Limit',
        'Power Readings/Power Limit',
      ),
    ),
  }
}

function ecc(gpu: ReportNode): Omit<GpuCounter, 'uuid'>[] {
  return (['volatile', 'aggregate'] as const).flatMap((scope) => {
    const heading = scope === 'volatile' ? 'Volatile' : 'Aggregate'
    const count = (tag: string, label: string) =>
      countValue(told(gpu, `ecc_errors/${scope}/${tag}`, `ECC Errors/${heading}/${label}`))
    const corrected = {
      sram: count('sram_correctable', 'SRAM Correctable'),
      dram: count('dram_correctable', 'DRAM Correctable'),
    }
    const uncorrected = {
      sram:
        count('sram_uncorrectable', 'SRAM Uncorrectable') ??
        sumOf(
          count('sram_uncorrectable_parity', 'SRAM Uncorrectable Parity'),
          count('sram_uncorrectable_secded', 'SRAM Uncorrectable SEC-DED'),
        ),
      dram: count('dram_uncorrectable', 'DRAM Uncorrectable'),
    }
    // Before Turing there is one count of single-bit and one of double-bit errors.
    const total = {
      corrected: count('single_bit/total', 'Single Bit/Total'),
      uncorrected: count('double_bit/total', 'Double Bit/Total'),
    }
    return [
      ...eccEntries('ecc-corrected', scope, {
        total: total.corrected ?? sumOf(corrected.sram, corrected.dram),
        ...corrected,
      }),
      ...eccEntries('ecc-uncorrected', scope, {
        total: total.uncorrected ?? sumOf(uncorrected.sram, uncorrected.dram),
        ...uncorrected,
      }),
    ]
  })
}

function remapped(gpu: ReportNode): Omit<GpuCounter, 'uuid'>[] {
  return remapEntries({
    correctable: countValue(told(gpu, 'remapped_rows/remapped_row_corr', 'Remapped Rows/Correctable Error')),
    uncorrectable: countValue(told(gpu, 'remapped_rows/remapped_row_unc', 'Remapped Rows/Uncorrectable Error')),
    pending: flagValue(told(gpu, 'remapped_rows/remapped_row_pending', 'Remapped Rows/Pending')),
    failure: flagValue(told(gpu, 'remapped_rows/remapped_row_failure', 'Remapped Rows/Remapping Failure Occurred')),
  })
}

function replays(gpu: ReportNode): Omit<GpuCounter, 'uuid'>[] {
  const value = countValue(told(gpu, 'pci/replay_counter', 'PCI/Replays Since Reset'))
  return value === null ? [] : [{ kind: 'pcie-replay', location: 'total', scope: 'volatile', value }]
}

function fabric(gpu: ReportNode): string | null {
  const cluster = textValue(
    told(gpu, 'fabric/cluster_uuid', 'fabric/clusterUuid', 'Fabric/CliqueId/ClusterUUID', 'Fabric/ClusterUUID'),
  )
  const clique = textValue(told(gpu, 'fabric/clique_id', 'fabric/cliqueId', 'Fabric/CliqueId'))
  return cluster && !/^[0-]+$/.test(cluster) ? `${cluster}/${clique ?? '0'}` : null
}
