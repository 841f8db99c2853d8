import { BlockLink } from './block-link'
import type { BlockOf } from './block-of'
import { printCell } from './table-block'

type Gpu = BlockOf<'gpu-map'>['nodes'][number]['gpus'][number]
const STEPS = 7

/** The step of the heat ramp that a value falls into. */
export function heatStep(value: number, range: { min: number; max: number }): number {
  const share = (value - range.min) / (range.max - range.min || 1)
  return Math.min(STEPS - 1, Math.max(0, Math.floor(share * STEPS)))
}

function Cell({ gpu, block }: { gpu: Gpu; block: BlockOf<'gpu-map'> }) {
  const words = `GPU ${gpu.index}: ${printCell(gpu.value, block.unit)}`
  const ring = gpu.tone === 'critical' ? 'outline-2 outline-crit' : gpu.tone === 'warn' ? 'outline-2 outline-warn' : ''
  return (
    <span
      title={words}
      className={`grid size-6 place-items-center rounded-sm border border-line text-[10px] ${gpu.value === null ? 'hatch' : ''} ${ring}`}
      style={gpu.value === null ? undefined : { background: `var(--heat-${heatStep(gpu.value, block)})` }}
    >
      <span className="sr-only">{words}</span>
      <span aria-hidden="true">{gpu.tone === 'critical' ? '◆' : gpu.tone === 'warn' ? '▲' : ''}</span>
    </span>
  )
}

/** A still heat map, one block of cells for each node; every cell says its value in words as well. */
export function GpuMapBlock({ block }: { block: BlockOf<'gpu-map'> }) {
  return (
    <>
      <ul className="m-0 flex list-none flex-wrap gap-x-4 gap-y-2 p-0">
        {block.nodes.map((node) => (
          <li key={node.name}>
            <p className="text-xs">
              <BlockLink href={node.href}>{node.name}</BlockLink>
            </p>
            <span className="grid grid-cols-4 gap-0.5">
              {node.gpus.map((gpu) => (
                <Cell key={gpu.index} gpu={gpu} block={block} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-1.5 text-xs text-muted">
        {block.metric}, {printCell(block.min, block.unit)} to {printCell(block.max, block.unit)}; hatched: not collected
      </p>
    </>
  )
}
