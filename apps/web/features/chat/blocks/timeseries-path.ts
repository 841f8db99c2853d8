/** Geometry of a still chart: fixed size, gaps where values are missing, thresholds inside the picture. */
export type ChartBox = { width: number; height: number; left: number; right: number; top: number; bottom: number }

export function valueRange(
  series: readonly { values: readonly (number | null)[] }[],
  thresholds: readonly { value: number }[],
  unit: string,
): { min: number; max: number } {
  const known = [...series.flatMap((item) => item.values), ...thresholds.map((item) => item.value)].filter(
    (value): value is number => value !== null,
  )
  if (unit === '%') return { min: 0, max: 100 }
  if (known.length === 0) return { min: 0, max: 1 }
  const max = Math.max(...known)
  const min = Math.min(0, ...known)
  return { min, max: max === min ? min + 1 : max + (max - min) * 0.05 }
}

export function linePath(
  values: readonly (number | null)[],
  timesMs: readonly number[],
  span: { fromMs: number; toMs: number },
  range: { min: number; max: number },
  box: ChartBox,
): string {
  const innerWidth = box.width - box.left - box.right
  const innerHeight = box.height - box.top - box.bottom
  let path = ''
  let open = false
  values.forEach((value, index) => {
    const atMs = timesMs[index]
    if (value === null || atMs === undefined) {
      open = false
      return
    }
    const x = box.left + ((atMs - span.fromMs) / (span.toMs - span.fromMs || 1)) * innerWidth
    const y = yOf(value, range, box, innerHeight)
    path += `${open ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
    const alone = !open && (values[index + 1] ?? null) === null
    if (alone) path += 'h0.1'
    open = true
  })
  return path
}

export function yOf(
  value: number,
  range: { min: number; max: number },
  box: ChartBox,
  innerHeight = box.height - box.top - box.bottom,
): number {
  return box.top + (1 - (value - range.min) / (range.max - range.min)) * innerHeight
}
