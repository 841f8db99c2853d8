/** One number that a workload said of itself in a line of its log. */
export interface LineMetric {
  name: string
  step: number
  value: number
}

/** Trainers' names for the same thing, mapped to one; others keep theirs when they look like a metric. */
const NAMES: Record<string, string> = {
  loss: 'loss',
  train_loss: 'loss',
  'train/loss': 'loss',
  training_loss: 'loss',
  eval_loss: 'eval_loss',
  'eval/loss': 'eval_loss',
  val_loss: 'eval_loss',
  lr: 'learning_rate',
  learning_rate: 'learning_rate',
  'train/learning_rate': 'learning_rate',
  grad_norm: 'grad_norm',
  'train/grad_norm': 'grad_norm',
  tokens_per_second: 'tokens_per_s',
  tokens_per_s: 'tokens_per_s',
  'tokens/s': 'tokens_per_s',
  tok_s: 'tokens_per_s',
  train_tokens_per_second: 'tokens_per_s',
  samples_per_second: 'samples_per_s',
  samples_per_s: 'samples_per_s',
  train_samples_per_second: 'samples_per_s',
  step_time: 'step_time_s',
  step_time_s: 'step_time_s',
  accuracy: 'accuracy',
  eval_accuracy: 'accuracy',
  perplexity: 'perplexity',
  epoch: 'epoch',
}
const STEP_NAMES = new Set(['step', 'global_step', 'train/global_step', 'iteration', 'iter'])
const MAX_LINE = 4000
const MAX_STEP = 2_147_483_647
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`
/** step=120, "loss": 1.83, 'grad_norm': 0.4, lr: 2e-5; what follows the number must end it. */
const PAIR = new RegExp(String.raw`["']?([A-Za-z][\w/]{0,40})["']?\s*[=:]\s*(${NUMBER})(?=[\s,;}\]|)/%]|$)`, 'g')
/** "Step 120/1000", "iteration 40:" and the like, where no pair tells the step. */
const STEP_WORD = new RegExp(String.raw`\b(?:global[_ ])?(?:step|iter(?:ation)?)\s+\[?(\d{1,10})\b`, 'i')

/**
 * Numbers by step in one line: `step=120 loss=1.83`, a Hugging Face trainer's dict, a JSON line. A line that tells no step
 * carries no metric, because a curve needs a place for it; not-a-number values are left out.
 */
export function parseMetricsLine(text: string): LineMetric[] {
  if (text.length > MAX_LINE || !/\d/.test(text)) return []
  const pairs = new Map<string, number>()
  for (const [, name, number] of text.matchAll(PAIR)) if (name) pairs.set(name.toLowerCase(), Number(number))
  if (pairs.size === 0) return []
  const step = stepOf(pairs, text)
  if (step === null) return []
  const metrics = new Map<string, number>()
  for (const [raw, value] of pairs) {
    const name = NAMES[raw]
    if (name && Number.isFinite(value)) metrics.set(name, value)
  }
  const carriesMore = [...metrics.keys()].some((name) => name !== 'epoch')
  return carriesMore ? [...metrics].map(([name, value]) => ({ name, step, value })) : []
}

function stepOf(pairs: ReadonlyMap<string, number>, text: string): number | null {
  for (const name of STEP_NAMES) {
    const value = pairs.get(name)
    if (value !== undefined && Number.isInteger(value) && value >= 0 && value <= MAX_STEP) return value
  }
  const word = STEP_WORD.exec(text)?.[1]
  return word !== undefined && Number(word) <= MAX_STEP ? Number(word) : null
}
