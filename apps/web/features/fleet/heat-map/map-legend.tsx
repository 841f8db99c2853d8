import { TONE_SHAPE } from '@/ui/status-pill'
import { BINS, LEGEND_ENDS, type MapMetric } from './metric-bins'

const Swatch = ({ style, className }: { style?: React.CSSProperties; className?: string }) => (
  <span aria-hidden="true" className={`inline-block h-3 w-[18px] rounded-[2px] ${className ?? ''}`} style={style} />
)

/** What the colours and patterns of the map mean; every one of them also has a word. */
export function MapLegend({ metric, critical }: { metric: MapMetric; critical: number }) {
  const ends = LEGEND_ENDS[metric]
  const ramp = metric === 'temp' || metric === 'power' ? 'therm' : 'heat'
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
      {ends ? (
        <span className="inline-flex items-center gap-1">
          {ends[0]}
          {Array.from({ length: BINS }, (_, bin) => (
            <Swatch key={bin} style={{ background: `var(--${ramp}-${bin})` }} />
          ))}
          {ends[1]}
        </span>
      ) : null}
      {metric === 'allocation' ? (
        <span className="inline-flex items-center gap-1">
          <Swatch style={{ background: 'var(--heat-5)' }} /> allocated
        </span>
      ) : null}
      {metric === 'health' ? (
        <>
          <span className="inline-flex items-center gap-1">
            <Swatch className="bg-ok" /> ok
          </span>
          <span className="inline-flex items-center gap-1">
            <Swatch className="bg-warn" /> suspect
          </span>
          <span className="inline-flex items-center gap-1">
            <Swatch className="bg-crit" /> failed or quarantined
          </span>
        </>
      ) : null}
      <span className="inline-flex items-center gap-1">
        <Swatch className="hatch border border-line" /> no data
      </span>
      {metric === 'health' || metric === 'temp' || metric === 'power' ? null : (
        <span className="inline-flex items-center gap-1">
          <Swatch style={{ border: '2px solid var(--heat-1)' }} /> free
        </span>
      )}
      <span className="inline-flex items-center gap-1">
        <Swatch style={{ background: 'var(--heat-4)', clipPath: 'polygon(45% 0, 100% 0, 100% 100%, 0 100%, 0 60%)' }} />
        cordoned
      </span>
      {critical > 0 ? (
        <span className="text-crit">
          <span aria-hidden="true">{TONE_SHAPE.crit} </span>
          {critical} critical, ringed
        </span>
      ) : null}
    </div>
  )
}
