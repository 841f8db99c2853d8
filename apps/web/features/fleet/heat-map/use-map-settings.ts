'use client'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs'
import { MAP_METRICS, type MapMetric } from './metric-bins'

export type MapSettings = {
  metric: MapMetric
  setMetric: (metric: MapMetric) => void
  /** Label by which nodes are banded. */
  group: string | null
  setGroup: (label: string | null) => void
  zoom: number
  setZoom: (zoom: number) => void
}

/** How the map is looked at, in the address. */
export function useMapSettings(): MapSettings {
  const [metric, setMetric] = useQueryState('metric', parseAsStringLiteral(MAP_METRICS).withDefault('util'))
  const [group, setGroup] = useQueryState('group', parseAsString)
  const [zoom, setZoom] = useQueryState('zoom', parseAsInteger.withDefault(1))
  return {
    metric,
    setMetric: (next) => void setMetric(next),
    group,
    setGroup: (next) => void setGroup(next),
    zoom: Math.min(4, Math.max(1, zoom)),
    setZoom: (next) => void setZoom(next === 1 ? null : next),
  }
}
