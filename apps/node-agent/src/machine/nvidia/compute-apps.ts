import type { GpuProcess } from '@clawbernetes/protocol/node/telemetry'
import { CsvRow, parseCsv } from './csv'

/** The name comes last because it may hold a comma. */
export const APPS_FIELDS = 'gpu_uuid,pid,used_gpu_memory,process_name'

/** Processes on GPUs from `--query-compute-apps`; memory the driver does not tell (MIG, containers) stays null. */
export function computeApps(output: string): GpuProcess[] {
  const table = parseCsv(output, true)
  if (!table) return []
  return table.rows.flatMap((cells) => {
    const row = new CsvRow(table, cells)
    const uuid = row.text('gpu_uuid')
    const pid = row.count('pid')
    if (uuid === null || pid === null) return []
    return [
      {
        uuid,
        pid,
        name: (row.text('process_name', 'name') ?? '').slice(0, 200),
        memUsedMib: row.number('used_gpu_memory', 'used_memory'),
        replicaId: null,
      },
    ]
  })
}
