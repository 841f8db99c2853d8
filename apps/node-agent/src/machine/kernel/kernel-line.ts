import type { HealthEvent } from '@clawbernetes/protocol/node/telemetry'

export interface KernelLine {
  /** Record number of /dev/kmsg; null in other formats. */
  seq: number | null
  atMs: number | null
  message: string
}

const KMSG = /^(\d+),(\d+),(\d+),[^;]*;(.*)$/s
const SECONDS = /^\[\s*(\d+\.\d+)\]\s?(.*)$/
const HUMAN = /^\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})\]\s?(.*)$/
const ISO = /^(?:\w+\s*:\s*\w+\s*:\s*)?(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2}))\s+(.*)$/
const SYSLOG = /^[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \S+ kernel:\s?(?:\[\s*\d+\.\d+\]\s?)?(.*)$/

/**
 * One line of the kernel's log in any of the forms it comes in: /dev/kmsg records, `dmesg` with seconds since boot, with
 * `-T`, with ISO times, or through syslog.
 * @param bootTimeMs when the machine started, for the forms that count from there
 */
export function parseKernelLine(line: string, bootTimeMs: number): KernelLine {
  const kmsg = KMSG.exec(line)
  // Further lines of a record carry key=value pairs about the device.
  if (kmsg)
    return {
      seq: Number(kmsg[2]),
      atMs: Math.round(bootTimeMs + Number(kmsg[3]) / 1000),
      message: (kmsg[4] ?? '').split('\n')[0] ?? '',
    }
  const seconds = SECONDS.exec(line)
  if (seconds) return { seq: null, atMs: Math.round(bootTimeMs + Number(seconds[1]) * 1000), message: seconds[2] ?? '' }
  const human = HUMAN.exec(line)
  if (human) return { seq: null, atMs: timeOf(human[1]), message: human[2] ?? '' }
  const iso = ISO.exec(line)
  // util-linux writes the fraction behind a comma.
  if (iso)
    return { seq: null, atMs: timeOf(iso[1]?.replace(',', '.').replace(/(\.\d{3})\d+/, '$1')), message: iso[2] ?? '' }
  return { seq: null, atMs: null, message: SYSLOG.exec(line)?.[1] ?? line }
}

function timeOf(text: string | undefined): number | null {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? null : ms
}

export type KernelEvent = Pick<HealthEvent, 'kind' | 'code' | 'pciBusId'> & { pid: number | null }

const XID = /NVRM: Xid \((?:PCI:)?([0-9a-f]{1,8}:[0-9a-f]{1,2}:[0-9a-f]{1,2}(?:\.[0-9a-f])?)\): (\d{1,6})(?=\D|$)/i
const SXID = /\bSXid \((?:PCI:)?([0-9a-f]{1,8}:[0-9a-f]{1,2}:[0-9a-f]{1,2}(?:\.[0-9a-f])?)\): (\d{1,6})(?=\D|$)/i
const PID = /\bpid='?(\d{1,10})/
const OOM = /[Oo]ut of memory: Kill(?:ed)? process (\d+)/
const NVIDIA_DRIVER = /NVRM: (?:RmInitAdapter failed|API mismatch|.*GPU.*fallen off the bus)/
const AMD_RESET =
  /amdgpu (?:([0-9a-f:.]+): )?.*(?:GPU reset|ring \S+ timeout|RAS.*uncorrectable|hardware error|poison)/i

/** The event that a kernel message is; null: an ordinary line. */
export function kernelEvent(message: string): KernelEvent | null {
  const pid = Number(PID.exec(message)?.[1] ?? Number.NaN)
  const xid = XID.exec(message)
  if (xid) return { kind: 'xid', code: Number(xid[2]), pciBusId: xid[1] ?? null, pid: Number.isNaN(pid) ? null : pid }
  const sxid = SXID.exec(message)
  if (sxid) return { kind: 'sxid', code: Number(sxid[2]), pciBusId: sxid[1] ?? null, pid: null }
  const oom = OOM.exec(message)
  if (oom) return { kind: 'oom-kill', code: Number(oom[1]), pciBusId: null, pid: Number(oom[1]) }
  const amd = AMD_RESET.exec(message)
  if (amd)
    return {
      kind: /timeout/i.test(message) ? 'context-hung' : 'driver',
      code: null,
      pciBusId: amd[1] ?? null,
      pid: null,
    }
  return NVIDIA_DRIVER.test(message) ? { kind: 'driver', code: null, pciBusId: null, pid: null } : null
}
