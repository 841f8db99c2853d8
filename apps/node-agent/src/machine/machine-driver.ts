import type { GpuCounter, GpuProcess, GpuSample, HealthEvent, HostSample } from '@clawbernetes/protocol/node/telemetry'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'

/** What one look at the machine found. `counters` and `processes` are complete lists; the caller sends what changed. */
export interface MachineReading {
  gpus: GpuSample[]
  host: HostSample
  counters: GpuCounter[]
  processes: GpuProcess[]
}

/** What the driver knows of the machine; the agent's core adds runtimes, data roots and labels. */
export type MachineFacts = Omit<Inventory, 'name' | 'runtimes' | 'labels' | 'dataRoots' | 'dataPaths' | 'address'>

/** How the agent sees the machine it runs on: NVIDIA, AMD, none (CPU), or the simulator. It reads; it never acts. */
export interface MachineDriver {
  readonly kind: 'nvidia' | 'amd' | 'none' | 'sim'
  facts(): Promise<MachineFacts>
  read(): Promise<MachineReading>
  /**
   * Calls back for every rare event of the machine (XID and SXID lines, OOM kills, driver messages, a hung context).
   * GPUs lost, unreadable or recovered and throttling that starts or ends are NOT reported here: the agent's core
   * derives them from successive readings, the same way for every driver. Returns how to stop.
   */
  watch(onEvent: (event: HealthEvent) => void): () => void
  /** Read-only text for a diagnosis, by title, fixed commands only. `gpuUuid` null: all GPUs. */
  diagnostics?(gpuUuid: string | null): Promise<Record<string, string>>
}
