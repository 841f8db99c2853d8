import type { GpuInventory } from '@clawbernetes/protocol/node/inventory'
import type { GpuCounter, GpuProcess, GpuSample, HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import type { HostReader } from '../host'
import type { KernelWatch } from '../kernel/kernel-watch'
import type { MachineDriver, MachineFacts, MachineReading } from '../machine-driver'
import { modelName } from '../model-name'
import { sameBus } from '../pci'
import { HangingTool } from '../run-tool'
import type { KnownGpus } from '../known-gpus'
import { APPS_FIELDS, computeApps } from './compute-apps'
import { diagnosticSections } from './diagnostics'
import { GpuQuery } from './query-runner'
import { type DriverReport, type GpuReport, parseReport } from './report'
import { nvlinkGroups } from './topology'
import { worse } from './values'

const REPORT_TIMEOUT_MS = 20_000
const QUERY_TIMEOUT_MS = 8_000
/** The full report is dear (up to a second with eight GPUs) and says little new. */
const REPORT_EVERY_MS = 60_000

export interface NvidiaOptions {
  host: HostReader
  kernel: KernelWatch
  known: KnownGpus
  tool?: string
  now?: () => number
}

/**
 * NVIDIA GPUs through nvidia-smi. A GPU once seen in this boot stays on the list: when it is missing it is lost, when the
 * driver does not answer it is unreadable. Nothing that was not read is ever a number.
 */
export class NvidiaDriver implements MachineDriver {
  readonly kind = 'nvidia'
  readonly #smi: HangingTool
  readonly #query: GpuQuery
  readonly #now: () => number
  #report: {
    atMs: number
    byBus: Map<string, GpuReport>
    driverVersion: string | null
    cudaVersion: string | null
  } | null = null
  #onEvent: (event: HealthEvent) => void = () => {}
  readonly #actions = new Map<string, number>()

  constructor(private readonly options: NvidiaOptions) {
    this.#smi = new HangingTool(options.tool ?? 'nvidia-smi', QUERY_TIMEOUT_MS)
    this.#query = new GpuQuery(this.#smi)
    this.#now = options.now ?? Date.now
  }

  async facts(): Promise<MachineFacts> {
    const host = await this.options.host.facts()
    const report = await this.#readReport()
    const look = await this.#query.run(
      this.#known()
        .map((gpu) => gpu.pciBusId ?? '')
        .filter(Boolean),
    )
    const groups = report ? nvlinkGroups((await this.#smi.run(['topo', '-m'])).stdout) : new Map<number, string>()
    const indexOf = new Map(look.rows.map((row) => [sameBus(row.busId ?? '') ?? '', row.index]))
    const seen = (report?.gpus ?? []).flatMap((gpu, position) => {
      const index = indexOf.get(sameBus(gpu.busId) ?? '') ?? position
      return inventoryOf(gpu, index, groups.get(index) ?? null)
    })
    await this.options.known.see(host.bootId, seen)
    const readability = new Map((await this.#gpuSamples(look)).map((sample) => [sample.uuid, sample.readability]))
    const gpus = this.#known().map((gpu) => ({ ...gpu, readability: readability.get(gpu.uuid) ?? gpu.readability }))
    return {
      ...host,
      driver: 'nvidia',
      driverVersion: this.#report?.driverVersion ?? null,
      cudaVersion: this.#report?.cudaVersion ?? null,
      gpus,
      demo: false,
    }
  }

  async read(): Promise<MachineReading> {
    const [host, look, processes] = await Promise.all([
      this.options.host.read(this.#now()),
      this.#query.run(
        this.#known()
          .map((gpu) => gpu.pciBusId ?? '')
          .filter(Boolean),
      ),
      this.#processes(),
    ])
    if (this.#report === null || this.#now() - this.#report.atMs > REPORT_EVERY_MS)
      void this.#readReport().catch(() => {})
    return { host, gpus: await this.#gpuSamples(look), counters: this.#counters(look), processes }
  }

  watch(onEvent: (event: HealthEvent) => void): () => void {
    this.#onEvent = onEvent
    const busToUuid = (bus: string) =>
      this.#known().find((gpu) => sameBus(gpu.pciBusId ?? '') === sameBus(bus))?.uuid ?? null
    const stop = this.options.kernel.watch((event) =>
      onEvent({ ...event, uuid: event.uuid ?? (event.pciBusId ? busToUuid(event.pciBusId) : null) }),
    )
    return () => {
      this.#onEvent = () => {}
      stop()
    }
  }

  diagnostics(gpuUuid: string | null): Promise<Record<string, string>> {
    const known = this.#known().some((gpu) => gpu.uuid === gpuUuid)
    return diagnosticSections(this.#smi, this.options.kernel, known ? gpuUuid : null)
  }

  #known(): GpuInventory[] {
    return this.options.known.list(this.options.host.bootId())
  }

  async #readReport(): Promise<DriverReport | null> {
    const xml = await this.#smi.run(['-q', '-x'], REPORT_TIMEOUT_MS)
    let report = xml.code === 0 ? parseReport(xml.stdout) : null
    if (!report && !xml.timedOut && !xml.missing) {
      const text = await this.#smi.run(['-q'], REPORT_TIMEOUT_MS)
      report = text.code === 0 ? parseReport(text.stdout) : null
    }
    if (!report) return null
    const byBus = new Map(report.gpus.map((gpu) => [sameBus(gpu.busId) ?? gpu.busId, gpu]))
    this.#report = { atMs: this.#now(), byBus, driverVersion: report.driverVersion, cudaVersion: report.cudaVersion }
    for (const gpu of report.gpus) this.#tellRecoveryAction(gpu)
    return report
  }

  /** What every known GPU shows now: its row, or why there is none. */
  async #gpuSamples(look: Awaited<ReturnType<GpuQuery['run']>>): Promise<GpuSample[]> {
    const known = this.#known()
    return known.map((gpu) => {
      const bus = sameBus(gpu.pciBusId ?? '')
      const row =
        look.rows.find((r) => (r.uuid ?? null) === gpu.uuid) ??
        look.rows.find((r) => r.uuid === null && bus !== null && sameBus(r.busId ?? '') === bus)
      const refused = look.unopenable.find((u) => bus !== null && sameBus(u.busId) === bus)
      if (row) {
        const said = this.#report?.byBus.get(bus ?? '')
        const reported = said && said.readability === 'requires-reset' ? said.readability : 'ok'
        return {
          uuid: gpu.uuid,
          ...row.sample,
          readability: worse(row.sample.readability, worse(reported, refused?.verdict ?? 'ok')),
        }
      }
      return { uuid: gpu.uuid, ...NOTHING, readability: refused?.verdict ?? (look.answered ? 'lost' : 'unreadable') }
    })
  }

  /** The quick query's counters, and from the report those that it does not carry. */
  #counters(look: Awaited<ReturnType<GpuQuery['run']>>): GpuCounter[] {
    return this.#known().flatMap((gpu) => {
      const bus = sameBus(gpu.pciBusId ?? '') ?? ''
      const quick = look.rows.find((row) => row.uuid === gpu.uuid)?.counters ?? []
      const slow = this.#report?.byBus.get(bus)?.counters ?? []
      const has = new Set(quick.map((c) => `${c.kind} ${c.scope}`))
      return [...quick, ...slow.filter((c) => !has.has(`${c.kind} ${c.scope}`))].map((counter) => ({
        uuid: gpu.uuid,
        ...counter,
      }))
    })
  }

  async #processes(): Promise<GpuProcess[]> {
    const result = await this.#smi.run([`--query-compute-apps=${APPS_FIELDS}`, '--format=csv'])
    return result.code === 0 ? computeApps(result.stdout) : []
  }

  #tellRecoveryAction(gpu: GpuReport): void {
    if (gpu.uuid === null || gpu.recoveryAction === null) return
    const before = this.#actions.get(gpu.uuid) ?? 0
    this.#actions.set(gpu.uuid, gpu.recoveryAction)
    if (before === gpu.recoveryAction) return
    const atMs = this.#now()
    const line = `GPU recovery action: ${['None', 'GPU reset', 'Node reboot', 'Drain P2P', 'Drain and reset'][gpu.recoveryAction]}`
    this.#onEvent({
      key: `recovery:${gpu.uuid}:${atMs}`,
      atMs,
      kind: 'driver',
      uuid: gpu.uuid,
      pciBusId: gpu.busId.slice(0, 40),
      code: gpu.recoveryAction,
      line,
      replicaId: null,
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

/** A GPU of the report as inventory; one that does not tell its UUID cannot be named, and is left out until it can. */
export function inventoryOf(gpu: GpuReport, index: number, linkDomain: string | null): GpuInventory[] {
  if (gpu.uuid === null) return []
  const name = gpu.name ?? 'NVIDIA GPU'
  return [
    {
      uuid: gpu.uuid,
      index,
      vendor: 'nvidia',
      name,
      model: modelName(name, gpu.memoryMib),
      memoryMib: gpu.memoryMib,
      pciBusId: gpu.busId || null,
      serial: gpu.serial,
      slowdownTempC: gpu.slowdownTempC,
      shutdownTempC: gpu.shutdownTempC,
      slowdownMarginC: gpu.slowdownMarginC,
      powerLimitW: gpu.powerLimitW,
      migEnabled: gpu.migEnabled,
      linkDomain: gpu.fabric ?? linkDomain,
      readability: gpu.readability,
    },
  ]
}
