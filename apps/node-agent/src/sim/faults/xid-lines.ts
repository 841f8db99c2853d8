/** What an XID does to the card and to the process that uses it. */
export type XidEffect = 'none' | 'process-dies' | 'process-hangs' | 'gpu-lost' | 'needs-reset'

/** What an XID does to the card's counters. */
export type XidCounts = 'corrected' | 'uncorrected-dram' | 'uncorrected-sram' | 'remapped' | 'remap-failure'

interface Xid {
  /** The rest of the kernel's line after the code; `%P` is replaced by pid and name of the process. */
  rest: string
  effect: XidEffect
  /** What the CUDA runtime tells the process, where it tells it something. */
  cudaError?: string
  counts?: XidCounts
  /** The driver's wish after it, as XID 154 reports it. */
  recovery?: '0x1 (GPU Reset Required)' | '0x2 (Node Reboot Required)'
}

const NOBODY = "pid='<unknown>', name=<unknown>"

/** Lines in the formats that drivers print. The meaning of the codes is NVIDIA's XID catalogue. */
const XIDS: Record<number, Xid> = {
  13: {
    rest: '%P, Graphics SM Warp Exception on (GPC 2, TPC 3, SM 1): Out Of Range Address',
    effect: 'process-dies',
    cudaError: 'CUDA error: unspecified launch failure',
  },
  31: {
    rest: '%P, Ch 00000008, intr 00000000. MMU Fault: ENGINE GRAPHICS GPCCLIENT_T1_0 faulted @ 0x7f2c_8a000000. Fault is of type FAULT_PDE ACCESS_TYPE_VIRT_READ',
    effect: 'process-dies',
    cudaError: 'CUDA error: an illegal memory access was encountered',
  },
  43: { rest: '%P, Ch 00000008', effect: 'process-dies', cudaError: 'CUDA error: unspecified launch failure' },
  45: { rest: '%P, Ch 00000010', effect: 'process-dies', cudaError: 'CUDA error: unknown error' },
  48: {
    rest: `${NOBODY}, DBE (double bit error) ECC Error detected at address 0x1f3c40200, physical location FBPA 6`,
    effect: 'process-dies',
    cudaError: 'CUDA error: uncorrectable ECC error encountered',
    counts: 'uncorrected-dram',
    recovery: '0x1 (GPU Reset Required)',
  },
  63: {
    rest: `${NOBODY}, Row Remapper: New row (0x0000000000ab3c20) marked for remapping, reset gpu to activate.`,
    effect: 'none',
    counts: 'remapped',
  },
  64: {
    rest: `${NOBODY}, Row Remapper: Failed to remap row (0x0000000000ab3c20), no spare rows left.`,
    effect: 'none',
    counts: 'remap-failure',
  },
  74: {
    rest: `${NOBODY}, NVLink: fatal error detected on link 2(0x10000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0)`,
    effect: 'process-dies',
    cudaError: 'CUDA error: NVLink fatal error',
    recovery: '0x1 (GPU Reset Required)',
  },
  79: { rest: `${NOBODY}, GPU has fallen off the bus.`, effect: 'gpu-lost', recovery: '0x2 (Node Reboot Required)' },
  92: { rest: `${NOBODY}, High single-bit ECC error rate`, effect: 'none', counts: 'corrected' },
  94: {
    rest: '%P, Contained: SM (0x1). RST: No, D-RST: No',
    effect: 'process-dies',
    cudaError: 'CUDA error: uncorrectable ECC error encountered',
    counts: 'uncorrected-sram',
  },
  95: {
    rest: `${NOBODY}, Uncontained: FBHUB. RST: Yes, D-RST: No`,
    effect: 'needs-reset',
    cudaError: 'CUDA error: uncorrectable ECC error encountered',
    counts: 'uncorrected-dram',
    recovery: '0x1 (GPU Reset Required)',
  },
  109: { rest: '%P, Ch 00000010, errorString CTX SWITCH TIMEOUT, Info 0x3c046', effect: 'process-hangs' },
  119: {
    rest: '%P, Timeout after 6s of waiting for RPC response from GPU0 GSP! Expected function 76 (GSP_RM_CONTROL) (0x20801813 0x4c).',
    effect: 'needs-reset',
    cudaError: 'CUDA error: unknown error',
    recovery: '0x1 (GPU Reset Required)',
  },
}

export const XID_CODES: readonly number[] = Object.keys(XIDS).map(Number)
export const xidOf = (code: number): Xid => {
  const found = XIDS[code]
  if (!found) throw new Error(`XID ${code} is not simulated`)
  return found
}

/** The line as the kernel prints it. `pci` in the kernel's short form. */
export function xidLine(code: number, pci: string, process: { pid: number; name: string } | null): string {
  const who = process ? `pid=${process.pid}, name=${process.name}` : NOBODY
  return `NVRM: Xid (PCI:${pci}): ${code}, ${xidOf(code).rest.replace('%P', who)}`
}

export const recoveryLine = (pci: string, action: string): string =>
  `NVRM: Xid (PCI:${pci}): 154, GPU recovery action changed from 0x0 (None) to ${action}`

/** The kernel's out-of-memory line for a process. */
export const oomKillLine = (pid: number, name: string, rssKib: number): string =>
  `Out of memory: Killed process ${pid} (${name}) total-vm:${Math.round(rssKib * 1.3)}kB, anon-rss:${rssKib}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:${Math.round(rssKib / 500)}kB oom_score_adj:0`
