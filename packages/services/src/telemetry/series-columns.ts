import { Prisma } from '@clawbernetes/db/rows'
import {
  decode,
  elementOf,
  MARGIN_PLACE,
  seriesPlace,
  THROTTLE_PLACE,
  THROTTLE_TROUBLE,
} from '@clawbernetes/domain/telemetry/layout'
import type { GpuSeriesMetric, HostSeriesMetric } from '@clawbernetes/protocol/views/series'
import type { SeriesColumn } from './read-buckets'

/** All of the time, in the unit of the throttled share. */
const ALWAYS = Prisma.raw('1000')
const TROUBLE = Prisma.raw(String(THROTTLE_TROUBLE))

/** A metric of the GPU at a slot; before `since` the slot belonged to another GPU. */
export function gpuColumn(metric: GpuSeriesMetric, slot: number, since: Date): SeriesColumn {
  const { place, unit } = seriesPlace(metric)
  const at = Prisma.raw(`[${elementOf(slot, place)}]`)
  const own = (value: Prisma.Sql) =>
    since.getTime() > 0 ? Prisma.sql`case when at >= ${since} then ${value} end` : value
  const throttled = (mask: Prisma.Sql) =>
    Prisma.sql`case when ${mask} is null then null when ${mask} & ${TROUBLE} <> 0 then ${ALWAYS} else 0 end`
  const isThrottle = place === THROTTLE_PLACE
  const raw = Prisma.sql`gpus${at}`
  const peak = Prisma.sql`gpu_peak${at}`
  return {
    raw: own(isThrottle ? throttled(raw) : raw),
    rollupAvg: own(Prisma.sql`gpu_avg${at}`),
    rollupPeak: own(isThrottle ? throttled(peak) : peak),
    peak: place === MARGIN_PLACE ? 'min' : 'max',
    toValue: (stored) => decode(stored, unit),
  }
}

/** Columns of raw rows, in the order of the rollups' host arrays. */
const HOST_COLUMNS: Record<HostSeriesMetric, { column: string; element: number }> = {
  cpuPct: { column: 'cpu_pct', element: 1 },
  memUsedMib: { column: 'mem_used_mib', element: 2 },
  diskUsedMib: { column: 'disk_used_mib', element: 3 },
  netRxBytesPerS: { column: 'net_rx', element: 4 },
  netTxBytesPerS: { column: 'net_tx', element: 5 },
  load1: { column: 'load1', element: 6 },
}

export function hostColumn(metric: HostSeriesMetric): SeriesColumn {
  const { column, element } = HOST_COLUMNS[metric]
  const at = Prisma.raw(`[${element}]`)
  return {
    raw: Prisma.raw(column),
    rollupAvg: Prisma.sql`host_avg${at}`,
    rollupPeak: Prisma.sql`host_peak${at}`,
    peak: 'max',
    toValue: (stored) => (stored === null ? null : Math.round(stored * 100) / 100),
  }
}
