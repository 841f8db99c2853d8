/** A change of one counter as stored: comparable within the same kind, place and scope; volatile ones restart with a boot. */
export interface CounterRow {
  kind: string
  location: string
  scope: string
  bootId: string
  value: number
  atMs: number
}

export interface CounterStep extends CounterRow {
  /** Growth since the row before; a drop or another boot counts from zero. The first row known grows by nothing. */
  delta: number
  reset: boolean
}

/** yes/no facts in the guise of counters: they have no growth. */
const FLAGS = new Set(['remap-pending', 'remap-failure'])
export const isFlag = (kind: string): boolean => FLAGS.has(kind)

/** Rows of one counter, oldest first, with their growth. */
export function counterSteps(rows: readonly CounterRow[]): CounterStep[] {
  return rows.map((row, i) => {
    const before = rows[i - 1]
    if (!before) return { ...row, delta: 0, reset: false }
    if (isFlag(row.kind)) return { ...row, delta: Math.max(0, row.value - before.value), reset: false }
    // An aggregate counter lives through boots; a volatile one of another boot started again.
    const reset = row.value < before.value || (row.scope === 'volatile' && row.bootId !== before.bootId)
    return { ...row, delta: reset ? row.value : row.value - before.value, reset }
  })
}

export interface CounterGrowth {
  kind: string
  location: string
  scope: string
  growth: number
  now: number
  /** Value at the start of the window; null: nothing is known that far back. */
  before: number | null
  resets: number
  lastChangeAtMs: number | null
}

export const counterKey = (row: Pick<CounterRow, 'kind' | 'location' | 'scope'>): string =>
  `${row.kind}|${row.location}|${row.scope}`

/** Each counter's growth from `fromMs` on. `rows` are of one GPU, oldest first, with the last one before the window if any. */
export function counterGrowth(rows: readonly CounterRow[], fromMs: number): CounterGrowth[] {
  const byCounter = new Map<string, CounterRow[]>()
  for (const row of rows) byCounter.set(counterKey(row), [...(byCounter.get(counterKey(row)) ?? []), row])
  return [...byCounter.values()].flatMap((own) => {
    const steps = counterSteps(own)
    const [first] = own
    const last = own.at(-1)
    if (!first || !last) return []
    const inside = steps.filter((step) => step.atMs >= fromMs)
    const before = own.findLast((row) => row.atMs < fromMs)
    return [
      {
        kind: first.kind,
        location: first.location,
        scope: first.scope,
        growth: inside.reduce((sum, step) => sum + step.delta, 0),
        now: last.value,
        before: before?.value ?? null,
        resets: inside.filter((step) => step.reset).length,
        lastChangeAtMs: inside.findLast((step) => step.delta > 0)?.atMs ?? null,
      },
    ]
  })
}

/**
 * Growth of one kind of ECC error. Volatile and aggregate count the same errors, so one of them is taken; the total where
 * the driver gives it, else the places together. null: the GPU reports no such counter.
 */
export function eccGrowth(growth: readonly CounterGrowth[], kind: 'ecc-corrected' | 'ecc-uncorrected'): number | null {
  for (const scope of ['volatile', 'aggregate']) {
    const own = growth.filter((one) => one.kind === kind && one.scope === scope)
    if (own.length === 0) continue
    const total = own.find((one) => one.location === 'total')
    return total ? total.growth : own.reduce((sum, one) => sum + one.growth, 0)
  }
  return null
}
