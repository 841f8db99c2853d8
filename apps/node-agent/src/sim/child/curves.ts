import { chance } from '../physics/noise'
import type { TrainPlan } from '../profile/job-file'

/** Loss of a step: a power law towards a floor with noise that shrinks. A function of the step, so that a resumed run goes on where it was. */
export function lossAt(plan: Pick<TrainPlan, 'paramsB' | 'method' | 'totalSteps'>, step: number, seed: number): number {
  const floor = 1.32 - 0.09 * Math.log10(Math.max(0.1, plan.paramsB)) + (plan.method === 'full' ? 0 : 0.05)
  const start = plan.method === 'full' && plan.paramsB < 0.5 ? 7.4 : 2.6 + chance(seed, 11) * 0.3
  const decay = (1 + step / 60) ** -0.42
  const noise = (chance(seed, step) + chance(seed, step + 7919) - 1) * (0.035 + 0.05 * decay)
  return floor + (start - floor) * decay + noise
}

/** Linear warm-up, then a cosine to a tenth. */
export function learningRateAt(
  plan: Pick<TrainPlan, 'learningRate' | 'warmupSteps' | 'totalSteps'>,
  step: number,
): number {
  if (step < plan.warmupSteps) return (plan.learningRate * step) / plan.warmupSteps
  const done = Math.min(1, (step - plan.warmupSteps) / Math.max(1, plan.totalSteps - plan.warmupSteps))
  return plan.learningRate * (0.1 + 0.45 * (1 + Math.cos(Math.PI * done)))
}

export function gradNormAt(step: number, seed: number): number {
  return 0.55 + 1.4 * (1 + step / 25) ** -0.6 + 0.3 * chance(seed ^ 0x6ad, step)
}
