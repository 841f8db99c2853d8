import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { arch, cpus, freemem, hostname, loadavg, platform, release, totalmem, uptime } from 'node:os'
import type { HostSample } from '@clawbernetes/protocol/node/telemetry'
import type { MachineFacts } from './machine-driver'

const MIB = 1024 * 1024
/** Virtual interfaces carry what a real one has counted already. */
const VIRTUAL = /^(?:lo|veth|docker|br-|cni|podman|virbr|tap|tun|flannel|cali|dummy|ifb)/

interface Counts {
  atMs: number
  cpuBusy: number
  cpuTotal: number
  rxBytes: number
  txBytes: number
}

export type HostFacts = Pick<
  MachineFacts,
  'hostname' | 'os' | 'kernel' | 'arch' | 'bootId' | 'cpuModel' | 'cpuCores' | 'memoryMib' | 'diskTotalMib'
>

/** The machine without its GPUs, from /proc; what a system does not tell is null. */
export class HostReader {
  #last: Counts | null = null

  constructor(
    private readonly diskPath = '/',
    private readonly procRoot = '/proc',
  ) {}

  async facts(): Promise<HostFacts> {
    const disk = await statfs(this.diskPath).catch(() => null)
    return {
      hostname: hostname(),
      os: osName(),
      kernel: release(),
      arch: arch(),
      bootId: this.bootId(),
      cpuModel: cpus()[0]?.model.trim() || null,
      cpuCores: Math.max(1, cpus().length),
      memoryMib: Math.round(totalmem() / MIB),
      diskTotalMib: disk && Math.round((disk.blocks * disk.bsize) / MIB),
    }
  }

  async read(nowMs: number): Promise<HostSample> {
    const before = this.#last
    const now = this.#counts(nowMs)
    this.#last = now
    const seconds = before && now ? (now.atMs - before.atMs) / 1000 : 0
    const rate = (a: number, b: number) => (seconds > 0 && b >= a ? Math.round((b - a) / seconds) : null)
    const cpuTotal = before && now ? now.cpuTotal - before.cpuTotal : 0
    const disk = await statfs(this.diskPath).catch(() => null)
    return {
      cpuPct:
        before && now && cpuTotal > 0 ? Math.round(((now.cpuBusy - before.cpuBusy) / cpuTotal) * 1000) / 10 : null,
      memUsedMib: this.#memUsedMib(),
      diskUsedMib: disk && Math.round(((disk.blocks - disk.bfree) * disk.bsize) / MIB),
      netRxBytesPerS: before && now ? rate(before.rxBytes, now.rxBytes) : null,
      netTxBytesPerS: before && now ? rate(before.txBytes, now.txBytes) : null,
      load1: platform() === 'win32' ? null : (loadavg()[0] ?? null),
    }
  }

  bootId(): string {
    const id = this.#text('sys/kernel/random/boot_id')?.trim()
    return id || `boot-${Math.round((Date.now() / 1000 - uptime()) / 10)}`
  }

  #counts(atMs: number): Counts | null {
    const cpu = this.#text('stat')?.split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number)
    if (!cpu || cpu.length < 4) return null
    // user nice system idle iowait irq softirq steal; guest time is in user already.
    const cpuTotal = cpu.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0)
    const cpuIdle = (cpu[3] ?? 0) + (cpu[4] ?? 0)
    return { atMs, cpuTotal, cpuBusy: cpuTotal - cpuIdle, ...this.#network() }
  }

  #network(): { rxBytes: number; txBytes: number } {
    let rxBytes = 0
    let txBytes = 0
    for (const line of this.#text('net/dev')?.split('\n') ?? []) {
      const [, name, rest] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? []
      if (!name || !rest || VIRTUAL.test(name)) continue
      const fields = rest.split(/\s+/).map(Number)
      rxBytes += fields[0] ?? 0
      txBytes += fields[8] ?? 0
    }
    return { rxBytes, txBytes }
  }

  #memUsedMib(): number {
    const info = this.#text('meminfo') ?? ''
    const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(info)?.[1] ?? Number.NaN)
    // What programs could get (MemAvailable), not what lies unused: the page cache is not use.
    const used = kib('MemTotal') - kib('MemAvailable')
    return Math.round(Number.isNaN(used) ? (totalmem() - freemem()) / MIB : used / 1024)
  }

  #text(path: string): string | null {
    try {
      return readFileSync(`${this.procRoot}/${path}`, 'utf8')
    } catch {
      return null
    }
  }
}

function osName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? platform()
  } catch {
    return platform()
  }
}
