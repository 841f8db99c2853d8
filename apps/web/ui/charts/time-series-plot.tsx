'use client'
import { useId } from 'react'
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'
import { type ChartRow, type ChartSeries, type ChartWindow, type Gap, type Threshold, valueTicks } from './chart-data'
import { seriesColour, seriesDash } from './series-style'
import { axisTicks, type ChartAxis, printAxisValue } from './x-axis'

export type PlotEvent = { atMs: number; label: string; tone: 'warn' | 'crit' | 'info' }
export type PlotData = {
  series: readonly ChartSeries[]
  rows: readonly ChartRow[]
  gaps: readonly Gap[]
  window: ChartWindow
  domain: readonly [number, number]
}
type PlotProps = {
  data: PlotData
  thresholds: readonly Threshold[]
  events: readonly PlotEvent[]
  height: number
  label: string
  syncId: string | undefined
  step: boolean
  axis: ChartAxis
  /** The series to bring forward; the others fade. */
  focusKey: string | null
  format: (value: number | null) => string
  formatTick: (value: number) => string
  tickUnit: number
  formatTime: (atMs: number, spanMs: number) => string
  onReading: (reading: boolean) => void
}

const TOOLTIP_ROWS = 8
const TONE = { warn: 'var(--warn)', crit: 'var(--crit)', info: 'var(--info)' }
const SHAPE = { warn: '▲', crit: '◆', info: '■' }
const TICK = { fill: 'var(--muted)', fontSize: 11 }

/** The only component that knows recharts; loaded when the first chart is shown. */
export function TimeSeriesPlot(props: PlotProps) {
  const { data, height, focusKey, thresholds } = props
  const { window, series } = data
  const hatch = useId()
  const points = data.rows.map((row) => ({
    at: row.atMs,
    ...Object.fromEntries(row.values.map((v, i) => [`v${i}`, v])),
  }))
  return (
    <LineChart
      responsive
      data={points}
      style={{ width: '100%', height }}
      margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
      syncId={props.syncId}
      syncMethod="value"
      title={props.label}
      onMouseEnter={() => props.onReading(true)}
      onMouseLeave={() => props.onReading(false)}
    >
      <defs>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2" height="6" fill="var(--line)" />
        </pattern>
      </defs>
      <Axes {...props} />
      <Marks gaps={data.gaps} thresholds={thresholds} events={props.events} hatch={hatch} />
      <Tooltip
        filterNull={false}
        isAnimationActive={false}
        cursor={{ stroke: 'var(--control)' }}
        content={(tooltip) => (
          <PlotTooltip
            {...tooltip}
            series={series}
            format={props.format}
            events={props.events}
            stepMs={window.stepMs}
            axis={props.axis}
          />
        )}
      />
      {series.map((line, index) => (
        <Line
          key={line.key}
          dataKey={`v${index}`}
          name={line.name}
          type={props.step ? 'stepAfter' : 'linear'}
          stroke={seriesColour(line.slot)}
          strokeDasharray={seriesDash(line.slot)}
          strokeWidth={focusKey === line.key ? 2.5 : 1.5}
          strokeOpacity={focusKey !== null && focusKey !== line.key ? 0.15 : 1}
          dot={false}
          activeDot={{ r: 2.5 }}
          connectNulls={false}
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  )
}

function Axes({ data: { window, domain }, axis, formatTime, formatTick, tickUnit }: PlotProps) {
  const spanMs = window.toMs - window.fromMs
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--line)" strokeDasharray="2 3" />
      <XAxis
        dataKey="at"
        type="number"
        scale={axis === 'time' ? 'time' : 'linear'}
        domain={[window.fromMs, window.toMs]}
        allowDataOverflow
        ticks={axisTicks(axis, window, 6)}
        tickFormatter={(at: number) => formatTime(at, spanMs)}
        tick={TICK}
        tickLine={false}
        axisLine={{ stroke: 'var(--line)' }}
        minTickGap={24}
        height={20}
      />
      <YAxis
        domain={[domain[0], domain[1]]}
        ticks={valueTicks([domain[0] / tickUnit, domain[1] / tickUnit]).map((tick) => tick * tickUnit)}
        tickFormatter={formatTick}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        width={52}
        interval={0}
      />
    </>
  )
}

type MarksProps = {
  gaps: readonly Gap[]
  thresholds: readonly Threshold[]
  events: readonly PlotEvent[]
  hatch: string
}

/** What is no line: stretches without data, limits, moments. */
function Marks({ gaps, thresholds, events, hatch }: MarksProps) {
  return (
    <>
      {gaps.map((gap) => (
        <ReferenceArea
          key={gap.fromMs}
          x1={gap.fromMs}
          x2={gap.toMs}
          fill={`url(#${hatch})`}
          fillOpacity={1}
          ifOverflow="hidden"
        />
      ))}
      {thresholds.map((threshold) => (
        <ReferenceLine
          key={threshold.label}
          y={threshold.value}
          stroke={TONE[threshold.tone]}
          strokeDasharray="5 4"
          ifOverflow="extendDomain"
          label={{ value: threshold.label, position: 'insideBottomRight', fill: TONE[threshold.tone], fontSize: 11 }}
        />
      ))}
      {events.map((event) => (
        <ReferenceLine
          key={`${event.atMs}${event.label}`}
          x={event.atMs}
          stroke={TONE[event.tone]}
          strokeWidth={1}
          ifOverflow="hidden"
          label={{ value: SHAPE[event.tone], position: 'insideTop', fill: TONE[event.tone], fontSize: 11 }}
        />
      ))}
    </>
  )
}

type TooltipProps = TooltipContentProps & {
  series: readonly ChartSeries[]
  events: readonly PlotEvent[]
  stepMs: number
  axis: ChartAxis
  format: (value: number | null) => string
}

function PlotTooltip({ active, label, payload, series, events, stepMs, axis, format }: TooltipProps) {
  const atMs = Number(label)
  if (!active || !Number.isFinite(atMs)) return null
  const lines = series
    .map((line, index) => {
      const value: unknown = payload.find((entry) => entry.dataKey === `v${index}`)?.value
      return { line, value: typeof value === 'number' ? value : null }
    })
    .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity))
  const here = events.filter((event) => event.atMs >= atMs && event.atMs < atMs + stepMs)
  return (
    <div className="rounded-sm border border-line bg-raised px-2 py-1 text-xs shadow-overlay">
      <div className="text-muted">{printAxisValue(axis, atMs)}</div>
      {lines.slice(0, TOOLTIP_ROWS).map(({ line, value }) => (
        <div key={line.key} className="flex items-center gap-1.5">
          <span aria-hidden="true" className="h-0.5 w-2.5" style={{ background: seriesColour(line.slot) }} />
          <span className="min-w-0 truncate">{line.name}</span>
          <span className="ml-auto pl-3">{format(value)}</span>
        </div>
      ))}
      {lines.length > TOOLTIP_ROWS ? <div className="text-muted">{lines.length - TOOLTIP_ROWS} more</div> : null}
      {here.map((event) => (
        <div key={event.label} className="max-w-56">
          <span aria-hidden="true">{SHAPE[event.tone]} </span>
          {event.label}
        </div>
      ))}
    </div>
  )
}
