import { seeded } from './random'

export interface Row {
  label: number
  weight: number
  ids: Int32Array
  values: Float32Array
}

export interface Weights {
  classes: number
  features: number
  w: Float32Array
  bias: Float32Array
}

/** Multinomial logistic regression by AdaGrad with weight decay; rows are visited in a seeded order. */
export function trainSoftmax(
  rows: readonly Row[],
  classes: number,
  features: number,
  options: { epochs: number; rate: number; decay: number; seed: number; drop: number },
): Weights {
  const w = new Float32Array(features * classes)
  const g = new Float32Array(features * classes).fill(1e-4)
  const bias = new Float32Array(classes)
  const gBias = new Float32Array(classes).fill(1e-4)
  const p = new Float32Array(classes)
  const random = seeded(options.seed)
  const order = rows.map((_, i) => i)
  const mean = new Float32Array(features * classes)
  const meanBias = new Float32Array(classes)
  // The mean over the later rounds is steadier than the last of them: what one round learned by the order of its rows averages out.
  const first = Math.floor(options.epochs / 2)
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, random)
    for (const at of order) {
      const row = rows[at]
      if (row !== undefined)
        step(thinned(row, options.drop, random), w, g, bias, gBias, p, classes, options.rate, options.decay)
    }
    if (epoch >= first) {
      addShare(mean, w, options.epochs - first)
      addShare(meanBias, bias, options.epochs - first)
    }
  }
  return { classes, features, w: mean, bias: meanBias }
}

function addShare(sum: Float32Array, values: Float32Array, of: number): void {
  for (let i = 0; i < sum.length; i += 1) sum[i] = sum[i]! + values[i]! / of
}

/**
 * The row without a random part of its features, the rest made stronger: no single word may carry an intent alone, and what the
 * model is sure of stays honest for sentences that hold only some of the words it knows.
 */
function thinned(row: Row, drop: number, random: () => number): Row {
  if (drop === 0) return row
  const keep: number[] = []
  for (let k = 0; k < row.ids.length; k += 1) if (random() >= drop) keep.push(k)
  const scale = 1 / (1 - drop)
  return {
    label: row.label,
    weight: row.weight,
    ids: Int32Array.from(keep, (k) => row.ids[k] ?? 0),
    values: Float32Array.from(keep, (k) => (row.values[k] ?? 0) * scale),
  }
}

/** A class that a row puts this little wrong is not moved by it: most are, and training is faster for it. */
const NEGLIGIBLE = 1e-3

function step(
  row: Row,
  w: Float32Array,
  g: Float32Array,
  bias: Float32Array,
  gBias: Float32Array,
  p: Float32Array,
  classes: number,
  rate: number,
  decay: number,
): void {
  probabilities(row, w, bias, p, classes)
  p[row.label] = (p[row.label] ?? 0) - 1
  for (let c = 0; c < classes; c += 1) {
    const grad = (p[c] ?? 0) * row.weight
    p[c] = grad
    gBias[c] = (gBias[c] ?? 0) + grad * grad
    bias[c] = (bias[c] ?? 0) - (rate * grad) / Math.sqrt(gBias[c] ?? 1)
  }
  const moved: number[] = []
  for (let c = 0; c < classes; c += 1) if (Math.abs(p[c]!) >= NEGLIGIBLE) moved.push(c)
  for (let k = 0; k < row.ids.length; k += 1) {
    const base = (row.ids[k] ?? 0) * classes
    const value = row.values[k] ?? 0
    for (const c of moved) {
      const i = base + c
      const grad = p[c]! * value + decay * w[i]!
      const seen = g[i]! + grad * grad
      g[i] = seen
      w[i] = w[i]! - (rate * grad) / Math.sqrt(seen)
    }
  }
}

/** Softmax of one row into `out`. */
export function probabilities(
  row: { ids: Int32Array; values: Float32Array },
  w: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  classes: number,
): void {
  out.set(bias)
  for (let k = 0; k < row.ids.length; k += 1) {
    const base = row.ids[k]! * classes
    const value = row.values[k]!
    for (let c = 0; c < classes; c += 1) out[c] = out[c]! + value * w[base + c]!
  }
  let top = -Infinity
  for (let c = 0; c < classes; c += 1) top = Math.max(top, out[c]!)
  let sum = 0
  for (let c = 0; c < classes; c += 1) {
    out[c] = Math.exp(out[c]! - top)
    sum += out[c]!
  }
  for (let c = 0; c < classes; c += 1) out[c] = out[c]! / sum
}

function shuffle(items: number[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1))
    ;[items[i], items[j]] = [items[j] ?? 0, items[i] ?? 0]
  }
}
