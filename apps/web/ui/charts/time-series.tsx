'use client'
import dynamic from 'next/dynamic'
import { useId, useMemo, useState, type ReactNode } from 'react'
import { Button } from '../button'
import { cn } from '../cn'
import { formatAbsolute, formatTimeOfDay } from '../format'
import {
  type ChartSeries,
  type ChartWindow,
  chartRows,
  findGaps,
  lastKnown,
  MAX_LINES,
  type Threshold,
  thinSeries,
  toBand,
  valueDomain,
} from './chart-data'
import { ChartAsk } from './chart-ask'
import { ChartTable, csvOf } from './chart-table'
import { describeChart } from './describe-chart'
import { useInView, usePaced } from './paced'
import { seriesColour, seriesDash } from './series-style'
import type { ChartAxis } from './x-axis'
import type { PlotData, PlotEvent } from './time-series-plot'
import { whenReachable } from '../when-reachable'

const Plot = dynamic(
  whenReachable(() => import('./time-series-plot').then((module) => module.TimeSeriesPlot)),
  {
    ssr: false,
    loading: () => <div className="skeleton late h-full" aria-hidden="true" />,
  },
)

export type TimeSeriesProps = {
  title: string
  /** Where the values come from and how often: "NVML gpu utilisation, every 5 s". */
  source?: ReactNode
  series: readonly ChartSeries[]
  window: ChartWindow
  thresholds?: readonly Threshold[]
  events?: readonly PlotEvent[]
  /** Ends of the value axis that are natural; what exceeds them still shows. */
  range?: { min?: number; max?: number }
  format: (value: number | null) => string
  /** What one unit of the axis is in the values: 1,024 for MiB that print as GiB. Marks stand at round units. */
  tickUnit?: number
  /** Shorter, for the axis. */
  formatTick?: (value: number) => string
  height?: number
  /** Charts with the same id share their crosshair. */
  syncId?: string
  step?: boolean
  /** What the horizontal axis counts: moments (default), or steps of a training. */
  axis?: ChartAxis
  focusKey?: string | null
  onFocusKey?: (key: string | null) => void
  /** Why there is nothing, when there is nothing: "ECC is not collected". */
  emptyText?: ReactNode
  className?: string
}

const NONE: readonly never[] = []

/** A live chart over time: gaps stay gaps, thresholds are the device's, everything is also there as words and as a table. */
export function TimeSeries(props: TimeSeriesProps) {
  const { title, thresholds = NONE, format, axis = 'time' } = props
  const [asTable, setAsTable] = useState(false)
  const [reading, setReading] = useState(false)
  const [banded, setBanded] = useState(props.series.length > MAX_LINES)
  const { ref, inView } = useInView()
  const titleId = useId()
  const data = usePaced(usePlotData(props, banded, thresholds), inView && !reading)
  const empty = props.series.every((line) => lastKnown(line.values) === null)
  const sentence = describeChart({
    title,
    series: data.series,
    window: data.window,
    gaps: data.gaps,
    thresholds,
    format,
    formatTime: (at) => (axis === 'step' ? `step ${formatStep(at)}` : formatTimeOfDay(at)),
  })
  return (
    <figure
      ref={ref}
      aria-labelledby={titleId}
      className={cn('panel relative m-0 flex min-w-0 flex-col p-2.5', props.className)}
    >
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h3 id={titleId} className="font-semibold">
          {title}
        </h3>
        {props.source ? <span className="text-xs text-muted">{props.source}</span> : null}
        <div className="ml-auto flex gap-1">
          {props.series.length > 2 ? (
            <Button variant="quiet" size="sm" aria-pressed={banded} onClick={() => setBanded(!banded)}>
              Band
            </Button>
          ) : null}
          {empty ? null : <ChartAsk title={title} sentence={sentence} />}
          <Button
            variant="quiet"
            size="sm"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
            disabled={empty}
          >
            {asTable ? 'View as chart' : 'View as table'}
          </Button>
        </div>
      </div>
      <ChartBody
        props={props}
        data={data}
        thresholds={thresholds}
        mode={empty ? 'empty' : asTable ? 'table' : 'plot'}
        banded={banded}
        onReading={setReading}
      />
      <figcaption className="sr-only">{sentence}</figcaption>
    </figure>
  )
}

function usePlotData(
  { series, window, range }: Pick<TimeSeriesProps, 'series' | 'window' | 'range'>,
  banded: boolean,
  thresholds: readonly Threshold[],
): PlotData {
  // Memoised by hand: whether there is something new to draw hangs on the identity of this object.
  return useMemo(() => {
    const thin = thinSeries(banded ? toBand(series) : series, window)
    const rows = chartRows(thin.series, thin.window)
    return {
      series: thin.series,
      rows,
      gaps: findGaps(rows, thin.window.stepMs),
      window: thin.window,
      domain: valueDomain(thin.series, thresholds, range),
    }
  }, [series, window, range, thresholds, banded])
}

type ChartBodyProps = {
  props: TimeSeriesProps
  data: PlotData
  thresholds: readonly Threshold[]
  mode: 'empty' | 'table' | 'plot'
  banded: boolean
  onReading: (reading: boolean) => void
}

function ChartBody({ props, data, thresholds, mode, banded, onReading }: ChartBodyProps) {
  const { title, format, events = NONE, height = 168, axis = 'time', focusKey = null } = props
  if (mode === 'empty')
    return (
      <div className="hatch grid flex-1 place-items-center rounded-sm" style={{ minHeight: height }}>
        <span className="rounded-sm bg-raised px-2 py-1 text-muted">{props.emptyText ?? 'No data in this window'}</span>
      </div>
    )
  if (mode === 'table')
    return (
      <ChartTable
        title={title}
        series={data.series}
        rows={data.rows}
        format={format}
        height={height + 26}
        axis={axis}
        csv={() => csvOf(data.series, data.rows, axis)}
      />
    )
  return (
    <>
      <div className="live-chart min-w-0" style={{ height }}>
        <Plot
          data={data}
          thresholds={thresholds}
          events={events}
          height={height}
          label={title}
          syncId={props.syncId}
          step={props.step ?? false}
          focusKey={banded ? null : focusKey}
          format={format}
          tickUnit={props.tickUnit ?? 1}
          formatTick={props.formatTick ?? ((value) => format(value))}
          axis={axis}
          formatTime={axis === 'step' ? formatStep : formatAxisTime}
          onReading={onReading}
        />
      </div>
      <Legend
        series={data.series}
        format={format}
        focusKey={focusKey}
        onFocusKey={banded ? undefined : props.onFocusKey}
      />
    </>
  )
}

const DAY_MS = 86_400_000
const formatStep = (step: number): string => Math.round(step).toLocaleString('en')

function formatAxisTime(atMs: number, spanMs: number): string {
  if (spanMs > 2 * DAY_MS) return formatAbsolute(atMs, atMs).replace(/ \d\d:\d\d$/, '')
  return formatTimeOfDay(atMs, { seconds: spanMs <= 10 * 60_000 })
}

type LegendProps = {
  series: readonly ChartSeries[]
  format: (value: number | null) => string
  focusKey: string | null
  onFocusKey: ((key: string | null) => void) | undefined
}

/** Names with their last value; pressing one brings it forward on every chart of the page. */
function Legend({ series, format, focusKey, onFocusKey }: LegendProps) {
  return (
    <ul className="m-0 flex list-none flex-wrap gap-x-3 p-0 text-xs text-muted">
      {series.map((line) => {
        const inner = (
          <>
            <svg aria-hidden="true" width="14" height="4" className="shrink-0">
              <line
                x1="0"
                x2="14"
                y1="2"
                y2="2"
                stroke={seriesColour(line.slot)}
                strokeWidth="2.5"
                strokeDasharray={seriesDash(line.slot)}
              />
            </svg>
            {line.name} <span className="live-value text-fg">{format(lastKnown(line.values))}</span>
          </>
        )
        return (
          <li key={line.key}>
            {onFocusKey ? (
              <button
                type="button"
                aria-pressed={focusKey === line.key}
                onClick={() => onFocusKey(focusKey === line.key ? null : line.key)}
                className="inline-flex min-h-6 items-center gap-1 rounded-sm aria-pressed:bg-info-tint"
              >
                {inner}
              </button>
            ) : (
              <span className="inline-flex min-h-6 items-center gap-1">{inner}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
