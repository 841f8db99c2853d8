import type { GpuCounter, GpuProcess, GpuSample, HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import type { MachineDriver, MachineFacts, MachineReading } from '../src/machine/machine-driver'

export const GPU_A = 'GPU-aaaaaaaa-0000-0000-0000-000000000001'
export const GPU_B = 'GPU-bbbbbbbb-0000-0000-0000-000000000002'

export function gpuSample(uuid: string, patch: Partial<GpuSample> = {}): GpuSample {
  return {
    uuid,
    utilPct: 10,
    memUtilPct: 5,
    memUsedMib: 1000,
    tempC: 40,
    tempMarginC: null,
    powerW: 100,
    smClockMhz: 1400,
    throttleMask: 0,
    readability: 'ok',
    ...patch,
  }
}

/** A machine whose readings the test sets. */
export class FakeMachine implements MachineDriver {
  readonly kind = 'none'
  gpus: GpuSample[] = [gpuSample(GPU_A), gpuSample(GPU_B)]
  counters: GpuCounter[] = []
  processes: GpuProcess[] = []
  bootId = 'boot-1'
  reads = 0
  #onEvent: ((event: HealthEvent) => void) | null = null

  async facts(): Promise<MachineFacts> {
    return {
      hostname: 'test-box',
      os: 'Debian 12',
      kernel: '6.1',
      arch: 'x64',
      bootId: this.bootId,
      cpuModel: null,
      cpuCores: 2,
      memoryMib: 2048,
      diskTotalMib: null,
      driver: 'none',
      driverVersion: null,
      cudaVersion: null,
      gpus: [],
      demo: false,
    }
  }

  async read(): Promise<MachineReading> {
    this.reads++
    const host = {
      cpuPct: 1,
      memUsedMib: 100,
      diskUsedMib: null,
      netRxBytesPerS: null,
      netTxBytesPerS: null,
      load1: 0.1,
    }
    return { gpus: this.gpus, host, counters: this.counters, processes: this.processes }
  }

  watch(onEvent: (event: HealthEvent) => void): () => void {
    this.#onEvent = onEvent
    return () => {
      this.#onEvent = null
    }
  }

  emit(event: HealthEvent): void {
    this.#onEvent?.(event)
  }

  async diagnostics(): Promise<Record<string, string>> {
    return { kernel: 'NVRM: nothing' }
  }
}
