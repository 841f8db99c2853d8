import type { GpuSample, HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import { loadMachineMemory, type MachineMemory, saveMachineMemory } from './machine-memory'

const KERNEL_KEY = /^kmsg:(.+):(\d+)$/
/** Key of an event from the kernel's log: the record's number makes it unique within a boot. */
export const kernelEventKey = (bootId: string, seq: number): string => `kmsg:${bootId}:${seq}`

/** What the agent remembers of the machine between its own starts: the boot, how far the kernel's log was told. */
export class MachineBook {
  #readability = ''

  private constructor(
    private readonly stateDir: string,
    private memory: MachineMemory,
    /** The machine restarted since the last run of the agent; false on the first. */
    readonly rebooted: boolean,
  ) {}

  static async open(stateDir: string, bootId: string): Promise<MachineBook> {
    const kept = await loadMachineMemory(stateDir)
    const rebooted = kept !== null && kept.bootId !== bootId
    const book = new MachineBook(stateDir, kept && !rebooted ? kept : { bootId, kernelSeq: null }, rebooted)
    await book.save()
    return book
  }

  /** An event of the kernel's log that an earlier run of the agent has told. */
  isOld(event: HealthEvent): boolean {
    const [, bootId, seq] = KERNEL_KEY.exec(event.key) ?? []
    if (bootId !== this.memory.bootId || seq === undefined) return false
    return this.memory.kernelSeq !== null && Number(seq) <= this.memory.kernelSeq
  }

  acknowledged(events: HealthEvent[]): void {
    let furthest = this.memory.kernelSeq
    for (const event of events) {
      const [, bootId, seq] = KERNEL_KEY.exec(event.key) ?? []
      if (bootId === this.memory.bootId && seq !== undefined) furthest = Math.max(furthest ?? 0, Number(seq))
    }
    if (furthest === this.memory.kernelSeq) return
    this.memory = { ...this.memory, kernelSeq: furthest }
    void this.save().catch(() => {})
  }

  /** True when the set of GPUs or what can be read of them is not what it was at the last reading. */
  gpusChanged(gpus: GpuSample[]): boolean {
    const now = gpus
      .map((gpu) => `${gpu.uuid} ${gpu.readability}`)
      .sort()
      .join('\n')
    const changed = this.#readability !== '' && now !== this.#readability
    this.#readability = now || ' '
    return changed
  }

  save(): Promise<void> {
    return saveMachineMemory(this.stateDir, this.memory)
  }
}
