import type { SystemCtx } from '../context'

const WINDOW_MS = 10 * 60_000

/** Raw rows of the last ten minutes of some nodes, oldest first. */
export async function readWindow(
  sys: SystemCtx,
  nodeNums: number[],
  now: Date,
): Promise<Map<number, { atMs: number; gpus: (number | null)[] }[]>> {
  const rows = await sys.db.$queryRaw<{ node: number; at: Date; gpus: (number | null)[] }[]>`
    select node, at, gpus from telemetry.node_sample
    where node = any(${nodeNums}) and at > ${new Date(now.getTime() - WINDOW_MS)} and at <= ${now} order by at`
  const byNode = new Map<number, { atMs: number; gpus: (number | null)[] }[]>()
  for (const { node, at, gpus } of rows) {
    const list = byNode.get(node) ?? []
    list.push({ atMs: at.getTime(), gpus })
    byNode.set(node, list)
  }
  return byNode
}
