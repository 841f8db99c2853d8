import type { HostReading } from '@clawbernetes/protocol/views/node'
import type { DbOrTx } from '../context'

/** The newest stored sample of a node. */
export interface LatestRow {
  node: number
  atMs: number
  dropped: number
  host: HostReading
  gpus: (number | null)[]
}

interface Row {
  node: number
  at: Date
  dropped: bigint
  cpu_pct: number | null
  mem_used_mib: number | null
  disk_used_mib: number | null
  net_rx: number | null
  net_tx: number | null
  load1: number | null
  gpus: (number | null)[]
}

/** Newest samples by node number. A node that never reported is not in the map. */
export async function latestRows(db: DbOrTx, nodeNums: number[]): Promise<Map<number, LatestRow>> {
  const rows = await db.$queryRaw<Row[]>`select * from telemetry.latest where node = any(${nodeNums})`
  return new Map(
    rows.map((row) => [
      row.node,
      {
        node: row.node,
        atMs: row.at.getTime(),
        dropped: Number(row.dropped),
        host: {
          cpuPct: row.cpu_pct,
          memUsedMib: row.mem_used_mib,
          diskUsedMib: row.disk_used_mib,
          netRxBytesPerS: row.net_rx,
          netTxBytesPerS: row.net_tx,
          load1: row.load1,
        },
        gpus: row.gpus,
      },
    ]),
  )
}
