import type { GpuSample, HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import type { HostReader } from '../host'
import type { KernelWatch } from '../kernel/kernel-watch'
import type { KnownGpus } from '../known-gpus'
import type { MachineDriver, MachineFacts, MachineReading } from '../machine-driver'
import { sameBus } from '../pci'
import { HangingTool } from '../run-tool'
import { parseRocm, type RocmReport } from './rocm-report'

const TIMEOUT_MS = 10_000
const ARGV = [
  '--showuniqueid',
  '--showproductname',
  '--showserial',
  '--showbus',
  '--showtemp',
  '--showuse',
  '--showmemuse',
  '--showmeminfo',
  'vram',
  '--showpower',
  '--showmaxpower',
  '--showgpuclocks',
  '--showreplaycount',
  '--showpids',
  '--showdriverversion',
  '--showtopotype',
  '--json',
]
/** Releases that refuse one of the above still know these. */
const PLAIN_ARGV = ['-a', '--showmeminfo', 'vram', '--json']

/** AMD GPUs through rocm-smi. As with NVIDIA: seen once in this boot and missing is lost, no answer is unreadable. */
export class AmdDriver implements MachineDriver {
  readonly kind = 'amd'
  readonly #smi: HangingTool
  readonly #now: () => number
  #argv = ARGV

  constructor(
    private readonly options: {
      host: HostReader
      kernel: KernelWatch
      known: KnownGpus
      tool?: string
      now?: () => number
    },
  ) {
    this.#smi = new HangingTool(options.tool ?? 'rocm-smi', TIMEOUT_MS)
    this.#now = options.now ?? Date.now
  }

  async facts(): Promise<MachineFacts> {
    const host = await this.options.host.facts()
    const report = await this.#look()
    if (report)
      await this.options.known.see(
        host.bootId,
        report.gpus.map((gpu) => gpu.inventory),
      )
    const samples = new Map(this.#samples(report).map((sample) => [sample.uuid, sample.readability]))
    const gpus = this.options.known
      .list(host.bootId)
      .map((gpu) => ({ ...gpu, readability: samples.get(gpu.uuid) ?? gpu.readability }))
    return {
      ...host,
      driver: 'amd',
      driverVersion: report?.driverVersion ?? null,
      cudaVersion: null,
      gpus,
      demo: false,
    }
  }

  async read(): Promise<MachineReading> {
    const [host, report] = await Promise.all([this.options.host.read(this.#now()), this.#look()])
    return {
      host,
      gpus: this.#samples(report),
      counters: report?.gpus.flatMap((gpu) => gpu.counters) ?? [],
      processes: report?.processes ?? [],
    }
  }

  watch(onEvent: (event: HealthEvent) => void): () => void {
    const uuidAt = (bus: string) =>
      this.options.known.list(this.options.host.bootId()).find((gpu) => sameBus(gpu.pciBusId ?? '') === sameBus(bus))
        ?.uuid ?? null
    return this.options.kernel.watch((event) =>
      onEvent({ ...event, uuid: event.uuid ?? (event.pciBusId ? uuidAt(event.pciBusId) : null) }),
    )
  }

  async diagnostics(): Promise<Record<string, string>> {
    const all = await this.#smi.run(['-a'])
    return {
      'rocm-smi -a': all.timedOut ? 'The driver did not answer in time.' : `${all.stdout}${all.stderr}`.trim(),
      'kernel log': (await this.options.kernel.recent(200)).join('\n'),
    }
  }

  async #look(): Promise<RocmReport | null> {
    const result = await this.#smi.run(this.#argv)
    const report = result.timedOut ? null : parseRocm(result.stdout)
    if (report || result.timedOut || this.#argv === PLAIN_ARGV) return report
    if (/unrecognized arguments|invalid choice/i.test(result.stderr)) {
      this.#argv = PLAIN_ARGV
      return this.#look()
    }
    return null
  }

  #samples(report: RocmReport | null): GpuSample[] {
    return this.options.known.list(this.options.host.bootId()).map((gpu) => {
      const seen = report?.gpus.find((g) => g.inventory.uuid === gpu.uuid)?.sample
      return seen ?? { ...NOTHING, uuid: gpu.uuid, readability: report ? 'lost' : 'unreadable' }
    })
  }
}

const NOTHING = {
  utilPct: null,
  memUtilPct: null,
  memUsedMib: null,
  tempC: null,
  tempMarginC: null,
  powerW: null,
  smClockMhz: null,
  throttleMask: null,
}
