'use client'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { MAP_METRICS, METRIC_LABEL } from './metric-bins'
import type { MapSettings } from './use-map-settings'

const SELECT = 'min-h-[30px] rounded-md border border-control bg-bg px-2 text-sm max-desk:min-h-11'
const NOT_A_GROUP = new Set(['price-per-gpu-hour-usd'])

export function MapControls({
  settings,
  nodes,
  dense,
}: {
  settings: MapSettings
  nodes: readonly NodeListItem[]
  dense: boolean
}) {
  const labels = labelKeys(nodes)
  return (
    <>
      <select
        aria-label="Metric"
        className={SELECT}
        value={settings.metric}
        onChange={(event) => settings.setMetric(MAP_METRICS.find((one) => one === event.target.value) ?? 'util')}
      >
        {MAP_METRICS.map((metric) => (
          <option key={metric} value={metric}>
            {METRIC_LABEL[metric]}
          </option>
        ))}
      </select>
      {labels.length > 0 ? (
        <select
          aria-label="Group by"
          className={SELECT}
          value={settings.group ?? ''}
          onChange={(event) => settings.setGroup(event.target.value === '' ? null : event.target.value)}
        >
          <option value="">No groups</option>
          {labels.map((label) => (
            <option key={label} value={label}>
              By {label}
            </option>
          ))}
        </select>
      ) : null}
      {dense ? (
        <select
          aria-label="Zoom"
          className={SELECT}
          value={settings.zoom}
          onChange={(event) => settings.setZoom(Number(event.target.value))}
        >
          {[1, 2, 3].map((zoom) => (
            <option key={zoom} value={zoom}>
              {zoom}×
            </option>
          ))}
        </select>
      ) : null}
    </>
  )
}

/** Labels that at least two nodes carry and that tell nodes apart. */
function labelKeys(nodes: readonly NodeListItem[]): string[] {
  const values = new Map<string, Set<string>>()
  for (const node of nodes)
    for (const [key, value] of Object.entries(node.labels)) values.set(key, (values.get(key) ?? new Set()).add(value))
  return [...values]
    .filter(([key, distinct]) => distinct.size > 1 && !NOT_A_GROUP.has(key))
    .map(([key]) => key)
    .sort()
}
