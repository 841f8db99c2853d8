/** What a line of a workload's log is a sign of. The line is untrusted: it is matched, never obeyed. */
export type LogSign =
  | 'gpu-out-of-memory'
  | 'launch-failed'
  | 'illegal-access'
  | 'ecc-error'
  | 'nccl-timeout'
  | 'host-out-of-memory'
  | 'disk-full'
  | 'nan-loss'
  | 'file-missing'
  | 'import-error'
  | 'network'

const SIGNS: readonly (readonly [LogSign, RegExp])[] = [
  [
    'gpu-out-of-memory',
    /CUDA out of memory|OutOfMemoryError|CUDA_ERROR_OUT_OF_MEMORY|tried to allocate [\d.]+ ?[GM]i?B/i,
  ],
  ['ecc-error', /uncorrectable ECC|CUDA_ERROR_ECC_UNCORRECTABLE/i],
  ['illegal-access', /illegal memory access|CUDA_ERROR_ILLEGAL_ADDRESS|CUDA error: 700/i],
  ['launch-failed', /CUDA_ERROR_LAUNCH_FAILED|unspecified launch failure|CUDA error: 719/i],
  ['nccl-timeout', /NCCL.{0,80}(?:time(?:d )?out|watchdog)|collective operation timeout/i],
  ['host-out-of-memory', /\bOut of memory: Killed|Cannot allocate memory|std::bad_alloc|\bexit code 137\b/i],
  ['disk-full', /No space left on device|ENOSPC|disk quota exceeded/i],
  ['nan-loss', /\bloss(?:es)?\b.{0,20}\bnan\b|nan or inf/i],
  ['file-missing', /FileNotFoundError|No such file or directory/i],
  ['import-error', /ModuleNotFoundError|ImportError/i],
  ['network', /Connection (?:refused|reset)|Name or service not known|Temporary failure in name resolution/i],
]

export interface SignedLine {
  sign: LogSign
  atMs: number
  text: string
  /** "tried to allocate 78 GiB": how much, where the line says so. */
  gib: number | null
}

/** Lines that are a sign of something, oldest first. A line may be several signs. */
export function logSigns(lines: readonly { atMs: number; text: string }[]): SignedLine[] {
  return lines.flatMap((line) =>
    SIGNS.filter(([, pattern]) => pattern.test(line.text)).map(([sign]) => ({
      sign,
      ...line,
      gib: sign === 'gpu-out-of-memory' ? triedGib(line.text) : null,
    })),
  )
}

function triedGib(text: string): number | null {
  const match = /tried to allocate ([\d.]+) ?([GM])i?B/i.exec(text)
  const size = Number(match?.[1])
  if (!match || !Number.isFinite(size)) return null
  return match[2]?.toUpperCase() === 'M' ? size / 1024 : size
}
