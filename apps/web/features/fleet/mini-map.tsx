import type { GpuCell } from '@clawbernetes/protocol/views/node'
import { formatPercent } from '@/ui/format'
import { isUnheld, percentBin } from './heat-map/metric-bins'
import { GPU_STATE } from './node-state'

const SIZE = 16
const GAP = 2

/** A node's GPUs in the map's own language, for a card: hatched no data, hollow free, a ring where something is wrong. */
export function MiniMap({ cells, label }: { cells: readonly GpuCell[]; label: string }) {
  const columns = Math.min(8, Math.max(1, cells.length))
  const rows = Math.max(1, Math.ceil(cells.length / columns))
  const width = columns * (SIZE + GAP) - GAP
  const height = rows * (SIZE + GAP) - GAP
  const words = cells
    .map((cell) => `GPU ${cell.index} ${GPU_STATE[cell.state].word.toLowerCase()} ${formatPercent(cell.utilPct)}`)
    .join(', ')
  return (
    <svg
      role="img"
      aria-label={`${label}: ${words || 'no GPUs'}`}
      viewBox={`-2 -2 ${width + 4} ${height + 4}`}
      width={width + 4}
      height={height + 4}
      className="live-canvas max-w-full"
    >
      {cells.map((cell, index) => (
        <Square
          key={cell.gpuId}
          cell={cell}
          x={(index % columns) * (SIZE + GAP)}
          y={Math.floor(index / columns) * (SIZE + GAP)}
        />
      ))}
    </svg>
  )
}

function Square({ cell, x, y }: { cell: GpuCell; x: number; y: number }) {
  const { tone } = GPU_STATE[cell.state]
  const free = isUnheld(cell.state)
  const unknown = cell.state === 'no-data' || cell.state === 'missing' || (!free && cell.utilPct === null)
  const bin = cell.utilPct === null ? 0 : percentBin(cell.utilPct)
  return (
    <g>
      <rect
        x={free || unknown ? x + 1 : x}
        y={free || unknown ? y + 1 : y}
        width={free || unknown ? SIZE - 2 : SIZE}
        height={free || unknown ? SIZE - 2 : SIZE}
        rx="2"
        fill={free || unknown ? 'none' : `var(--heat-${bin})`}
        stroke={unknown ? 'var(--control)' : free ? 'var(--heat-1)' : 'none'}
        strokeWidth={unknown ? 1 : 2}
      />
      {unknown ? (
        <path
          d={`M${x + 2} ${y + SIZE - 2}L${x + SIZE - 2} ${y + 2}M${x + 2} ${y + SIZE / 2}L${x + SIZE / 2} ${y + 2}M${x + SIZE / 2} ${y + SIZE - 2}L${x + SIZE - 2} ${y + SIZE / 2}`}
          stroke="var(--control)"
          strokeWidth="1"
        />
      ) : null}
      {tone === 'crit' || tone === 'warn' ? (
        <circle
          cx={x + SIZE / 2}
          cy={y + SIZE / 2}
          r={SIZE / 2 + 1}
          fill="none"
          stroke={`var(--${tone})`}
          strokeWidth="2"
          strokeDasharray={tone === 'warn' ? '3 2' : undefined}
        />
      ) : null}
    </g>
  )
}
