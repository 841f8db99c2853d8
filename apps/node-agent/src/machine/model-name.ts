/** Models sold with different memory sizes, where the size is part of what people ask for. */
const SIZED = /^(?:A100|A800|H100|H800|V100|P100|GH200|A30X?)$/
/** Sizes as sold, in GB. A driver reports a little less or more than the round number. */
const SOLD_GB = [12, 16, 20, 24, 32, 40, 48, 64, 80, 94, 96, 120, 141, 144, 180, 192, 256, 288]

/**
 * The name people and quotas use: "NVIDIA A100-SXM4-80GB" is A100-80GB, "NVIDIA H100 PCIe" with 81559 MiB is H100-80GB,
 * "Tesla T4" is T4, "NVIDIA GeForce RTX 4090" is RTX-4090, "AMD Instinct MI300X" is MI300X. A name it does not know is
 * kept, in the same spelling.
 */
export function modelName(name: string, memoryMib: number | null): string {
  const bare = inBrackets(name)
    .replaceAll(
      /\b(?:NVIDIA|AMD|Advanced Micro Devices,? Inc\.?|Tesla|GeForce|Instinct|Graphics|Accelerator|Generation)\b/gi,
      ' ',
    )
    .replaceAll(/\((?:R|TM)\)|[®™]/gi, ' ')
    .trim()
  const instinct = /\b(MI\d{2,3}[A-Z]?)\b/i.exec(bare)?.[1]
  if (instinct) return instinct.toUpperCase()
  const family = /^([A-Z]{1,2}\d{2,4}[A-Z]?)\b/.exec(bare)?.[1]
  if (family && SIZED.test(family)) {
    const said = /(\d{2,3}) ?GB\b/i.exec(bare)?.[1]
    // What the driver measures goes first: "GH200 480GB" counts the processor's memory.
    const gb = memoryMib !== null ? soldGb(memoryMib) : said ? Number(said) : null
    return gb === null ? family : `${family}-${gb}GB`
  }
  // The rest of a data-centre name is its board: L40S, T4, H200 NVL and B200 are one model each.
  if (family && /^[A-Z]{1,2}\d/.test(family)) return family
  return (
    bare
      .replaceAll(/[^A-Za-z0-9.]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60) || 'unknown'
  )
}

/** rocm-smi prints the chip first and the product in brackets: "Arcturus GL-XL [Instinct MI100]". */
const inBrackets = (name: string): string => /\[([^\]]+)\]/.exec(name)?.[1] ?? name

function soldGb(memoryMib: number): number {
  const gib = memoryMib / 1024
  return SOLD_GB.reduce((best, gb) => (Math.abs(gb - gib) < Math.abs(best - gib) ? gb : best))
}
