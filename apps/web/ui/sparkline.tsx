import { cn } from './cn'

type SparklineProps = {
  values: readonly (number | null)[]
  label: string
  min?: number
  max?: number
  width?: number
  height?: number
  className?: string
}

/** A line of its own size; missing values are gaps in it. A lone value between two gaps is drawn as a dot. */
export function sparklinePath(
  values: readonly (number | null)[],
  { min, max, width, height }: { min: number; max: number; width: number; height: number },
): string {
  const span = max - min || 1
  const step = values.length > 1 ? width / (values.length - 1) : 0
  let path = ''
  values.forEach((value, index) => {
    if (value === null) return
    const x = (index * step).toFixed(1)
    const y = (height - 1 - ((Math.min(max, Math.max(min, value)) - min) / span) * (height - 2)).toFixed(1)
    const continues = index > 0 && values[index - 1] !== null
    path += continues ? `L${x} ${y}` : `M${x} ${y}`
    const alone = !continues && (index === values.length - 1 || values[index + 1] === null)
    if (alone) path += 'h0.1'
  })
  return path
}

export function Sparkline({ values, label, min, max, width = 96, height = 24, className }: SparklineProps) {
  const known = values.filter((value): value is number => value !== null)
  if (known.length === 0) return <span className="text-muted">no data</span>
  const path = sparklinePath(values, {
    min: min ?? Math.min(0, ...known),
    max: max ?? Math.max(...known),
    width,
    height,
  })
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      className={cn('overflow-visible text-info', className)}
    >
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
