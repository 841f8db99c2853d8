import type { HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import type { HostReader } from './host'
import type { KernelWatch } from './kernel/kernel-watch'
import type { MachineDriver, MachineFacts, MachineReading } from './machine-driver'

/** A machine without GPUs that this agent can read: its processor, memory, disk, network and kernel events. */
export class CpuDriver implements MachineDriver {
  readonly kind = 'none'

  constructor(private readonly options: { host: HostReader; kernel: KernelWatch; now?: () => number }) {}

  async facts(): Promise<MachineFacts> {
    return {
      ...(await this.options.host.facts()),
      driver: 'none',
      driverVersion: null,
      cudaVersion: null,
      gpus: [],
      demo: false,
    }
  }

  async read(): Promise<MachineReading> {
    return {
      gpus: [],
      host: await this.options.host.read((this.options.now ?? Date.now)()),
      counters: [],
      processes: [],
    }
  }

  watch(onEvent: (event: HealthEvent) => void): () => void {
    return this.options.kernel.watch(onEvent)
  }

  async diagnostics(): Promise<Record<string, string>> {
    return { 'kernel log': (await this.options.kernel.recent(200)).join('\n') }
  }
}
