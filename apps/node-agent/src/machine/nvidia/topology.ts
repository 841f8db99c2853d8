const ANSI = /\u001b\[[0-9;]*m/g

/**
 * GPUs that talk over NVLink, from the matrix of `nvidia-smi topo -m`: index of a GPU → name of its group. A GPU with no
 * link is in no group.
 */
export function nvlinkGroups(output: string): Map<number, string> {
  const lines = output.replaceAll(ANSI, '').split('\n')
  const header = lines.find((line) => /^\s*GPU0\b/.test(line))
  const columns = header?.trim().split(/\t+|\s{2,}/) ?? []
  const leader = new Map<number, number>()
  const lead = (gpu: number): number => {
    const above = leader.get(gpu) ?? gpu
    return above === gpu ? gpu : lead(above)
  }
  for (const line of lines) {
    const cells = line
      .trim()
      .split(/\t+|\s{2,}/)
      .map((cell) => cell.trim())
    const from = line === header ? undefined : /^GPU(\d+)$/.exec(cells[0] ?? '')?.[1]
    if (from === undefined) continue
    columns.forEach((column, i) => {
      const to = /^GPU(\d+)$/.exec(column.trim())?.[1]
      if (to === undefined || !/^NV\d+$/.test(cells[i + 1] ?? '')) return
      const [a, b] = [lead(Number(from)), lead(Number(to))]
      leader.set(Math.max(a, b), Math.min(a, b))
      leader.set(Math.min(a, b), Math.min(a, b))
    })
  }
  return new Map([...leader.keys()].map((gpu) => [gpu, `nvlink-${lead(gpu)}`]))
}
