'use client'
import type { FleetFrame, SlotTable } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import dynamic from 'next/dynamic'
import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react'
import { Skeleton } from '@/ui/skeleton'
import { whenReachable } from '@/ui/when-reachable'
import { factsByPlace } from './gpu-facts'
import { BLOCK_COLUMNS, hitTest, layoutMap, type MapHit, type MapLayout, type MapNode } from './map-layout'
import type { MapSelection, Rect } from './map-selection'
import { ProxyCell } from './proxy-cell'
import { useMarquee } from './use-marquee'
import { cellAt, isCritical, type MapMetric, stateAt } from './metric-bins'
import { type MapCanvas, paintMap } from './paint-map'
import { useMapPalette } from './use-map-palette'

/** Drawn only under a pointer, or when something is selected: they load with the first of either. */
const MapCard = dynamic(
  whenReachable(() => import('./map-card').then((m) => m.MapCard)),
  { ssr: false },
)
const MapSelectionBar = dynamic(
  whenReachable(() => import('./map-selection-bar').then((m) => m.MapSelectionBar)),
  {
    ssr: false,
  },
)

type HeatMapProps = {
  table: SlotTable
  frame: FleetFrame | null
  nodes: ReadonlyMap<string, NodeListItem>
  /** Only these are drawn; null: all. */
  only: ReadonlySet<string> | null
  metric: MapMetric
  /** Label by which nodes are banded; null: none. */
  groupBy: string | null
  zoom: number
  onOpen: (nodeId: string) => void
}

const MAX_HEIGHT_PX = 380
const MAX_RINGS = 50
const RING_MIN_PX = 12

/** All GPUs on one canvas. What it shows stands beside it as a table too; the keyboard walks it block by block. */
export function HeatMap({ table, frame, nodes, only, metric, groupBy, zoom, onOpen }: HeatMapProps) {
  const { ref, width } = useWidth()
  const [hit, setHit] = useState<(MapHit & { pinned: boolean }) | null>(null)
  const layout = useMapLayout(table, { only, groupBy, zoom, width })
  const readable = frame && frame.version === table.version ? frame : null
  const canvas = useMapCanvas(table, layout, readable, metric)

  const marquee = useMarquee(layout)
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (marquee.move(event)) return setHit(null)
    if (event.pointerType === 'touch') return
    const next = hitUnder(event, layout)
    setHit((current) => (same(current, next) ? current : next && { ...next, pinned: false }))
  }
  const leave = () => setHit((current) => (current?.pinned ? current : null))
  const onClick = (event: PointerEvent<HTMLElement>) => {
    if (marquee.end()) return
    const next = hitUnder(event, layout)
    if (event.pointerType === 'touch') setHit(next && { ...next, pinned: true })
    else if (next) onOpen(next.block.nodeId)
  }
  return (
    <div ref={ref} className="relative min-w-0">
      {layout === null || readable === null ? <Skeleton className="h-64" /> : null}
      {layout && readable ? (
        <div className="relative max-w-full overflow-x-auto overflow-y-hidden">
          <div
            className="relative cursor-pointer touch-manipulation"
            style={{ width: layout.width, height: layout.height }}
            onPointerDown={marquee.start}
            onPointerMove={onPointerMove}
            onPointerLeave={leave}
            onPointerUp={onClick}
          >
            <canvas
              ref={canvas}
              width={layout.width}
              height={layout.height}
              aria-hidden="true"
              className="live-canvas block rounded-sm [image-rendering:pixelated]"
            />
            <Labels layout={layout} />
            <Rings layout={layout} frame={readable} />
            <Selected layout={layout} selection={marquee.selection} rect={marquee.rect} />
            <ProxyCell
              layout={layout}
              frame={readable}
              nodes={nodes}
              onOpen={onOpen}
              selection={marquee.selection}
              onSelect={marquee.setSelection}
            />
          </div>
        </div>
      ) : null}
      {layout && readable ? (
        <MapSelectionBar selection={marquee.selection} table={table} onClear={marquee.clear} />
      ) : null}
      {hit && layout && readable ? (
        <MapCard
          hit={hit}
          layout={layout}
          frame={readable}
          table={table}
          node={nodes.get(hit.block.nodeId)}
          onClose={hit.pinned ? () => setHit(null) : undefined}
        />
      ) : null}
    </div>
  )
}

function hitUnder(event: PointerEvent<HTMLElement>, layout: MapLayout | null): MapHit | null {
  const box = event.currentTarget.getBoundingClientRect()
  return layout && hitTest(layout, event.clientX - box.left, event.clientY - box.top)
}

const same = (a: MapHit | null, b: MapHit | null): boolean =>
  a?.block.nodeId === b?.block.nodeId && (a?.gpu ?? null) === (b?.gpu ?? null)

function mapNodes(table: SlotTable, only: ReadonlySet<string> | null, groupBy: string | null): MapNode[] {
  return table.nodes
    .filter((node) => node.gpus.length > 0 && (only === null || only.has(node.nodeId)))
    .map((node) => ({
      nodeId: node.nodeId,
      name: node.name,
      offset: node.offset,
      gpuCount: node.gpus.length,
      cordoned: node.cordoned,
      group: groupBy === null ? '' : (node.labels[groupBy] ?? 'none'),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

type LayoutInput = { only: ReadonlySet<string> | null; groupBy: string | null; zoom: number; width: number }

function useMapLayout(table: SlotTable, { only, groupBy, zoom, width }: LayoutInput): MapLayout | null {
  return useMemo(
    () =>
      width > 0
        ? layoutMap(mapNodes(table, only, groupBy), {
            width,
            maxHeight: MAX_HEIGHT_PX,
            zoom,
            grouped: groupBy !== null,
          })
        : null,
    [table, only, groupBy, width, zoom],
  )
}

function useWidth() {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return { ref: setElement, width }
}

/** Keeps the canvas' pixels between frames, so that a frame draws only the cells that changed. */
function useMapCanvas(table: SlotTable, layout: MapLayout | null, frame: FleetFrame | null, metric: MapMetric) {
  const ref = useRef<HTMLCanvasElement>(null)
  const palette = useMapPalette()
  const facts = useMemo(() => factsByPlace(table), [table])
  // Another layout, palette or metric is another picture: nothing drawn before counts.
  const picture = useMemo<(MapCanvas & { image: ImageData }) | null>(() => {
    if (!layout || !palette || typeof ImageData === 'undefined') return null
    const image = new ImageData(Math.max(1, layout.width), Math.max(1, layout.height))
    const drawn = new Uint16Array(table.length)
    return { image, pixels: new Uint32Array(image.data.buffer), width: image.width, drawn }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the metric is part of what a picture is
  }, [layout, palette, table.length, metric])
  useEffect(() => {
    const context = ref.current?.getContext('2d')
    if (!context || !layout || !palette || !picture || !frame) return
    paintMap(picture, layout, palette, (place) => cellAt(frame, metric, place, facts(place)))
    context.putImageData(picture.image, 0, 0)
  }, [layout, palette, picture, frame, metric, facts])
  return ref
}

/** Names above the blocks where there is room for them, and the names of bands. Decoration: the proxy cell says them too. */
function Labels({ layout }: { layout: MapLayout }) {
  return (
    <div aria-hidden="true" className="pointer-events-none">
      {layout.bands.map((band) => (
        <span key={`${band.name}${band.y}`} className="absolute left-0 text-xs text-muted" style={{ top: band.y + 2 }}>
          {band.name}
        </span>
      ))}
      {layout.labelPx > 0
        ? layout.blocks.map((block) => (
            <span
              key={block.nodeId}
              className="absolute truncate text-xs text-muted"
              style={{ left: block.x, top: block.y - layout.labelPx, width: layout.blockWidth }}
            >
              {block.name}
            </span>
          ))
        : null}
    </div>
  )
}

/** Critical GPUs stand out by shape: a one-pixel frame would be lost among thousands. */
function Rings({ layout, frame }: { layout: MapLayout; frame: FleetFrame }) {
  const rings = layout.blocks
    .flatMap((block) =>
      Array.from({ length: block.gpuCount }, (_, gpu) => ({ block, gpu, state: stateAt(frame, block.offset + gpu) })),
    )
    .filter(({ state }) => isCritical(state) || state === 'suspect')
    .slice(0, MAX_RINGS)
  const size = Math.max(RING_MIN_PX, layout.cellPx + 4)
  // Squares leave a line free at their right and lower edge.
  const inset = layout.cellPx >= 14 ? 1 : layout.cellPx >= 8 ? 0.5 : 0
  return rings.map(({ block, gpu, state }) => (
    <span
      key={`${block.nodeId}${gpu}`}
      aria-hidden="true"
      className={
        isCritical(state)
          ? 'pointer-events-none absolute rounded-full border-2 border-crit shadow-[0_0_0_1px_var(--raised)]'
          : 'pointer-events-none absolute rounded-sm border-2 border-dashed border-warn shadow-[0_0_0_1px_var(--raised)]'
      }
      style={{
        width: size,
        height: size,
        left: block.x + ((gpu % BLOCK_COLUMNS) + 0.5) * layout.cellPx - size / 2 - inset,
        top: block.y + (Math.floor(gpu / BLOCK_COLUMNS) + 0.5) * layout.cellPx - size / 2 - inset,
      }}
    />
  ))
}

/** What is selected, as outlines over the cells, and the rectangle being drawn. Decoration: the bar below says it. */
function Selected({ layout, selection, rect }: { layout: MapLayout; selection: MapSelection; rect: Rect | null }) {
  return (
    <div aria-hidden="true" className="pointer-events-none">
      {layout.blocks.flatMap((block) =>
        Array.from({ length: block.gpuCount }, (_, gpu) => gpu)
          .filter((gpu) => selection.has(block.offset + gpu))
          .map((gpu) => (
            <span
              key={block.offset + gpu}
              className="absolute border-2 border-fg"
              style={{
                left: block.x + (gpu % BLOCK_COLUMNS) * layout.cellPx - 1,
                top: block.y + Math.floor(gpu / BLOCK_COLUMNS) * layout.cellPx - 1,
                width: layout.cellPx + 1,
                height: layout.cellPx + 1,
              }}
            />
          )),
      )}
      {rect ? (
        <span
          className="absolute border border-dashed border-focus bg-info-tint opacity-60"
          style={{ left: rect.left, top: rect.top, width: rect.right - rect.left, height: rect.bottom - rect.top }}
        />
      ) : null}
    </div>
  )
}
