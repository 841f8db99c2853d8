import { ATTEMPTS, type Attempt, type Channel } from './attempts'
import { GOALS, type Goal } from './goals'

/** Workloads of which each has a log of its own, so that logs can be read beside each other. */
export const LANES = ['train-a', 'train-b']

/** Names and failures are read from the same list; the rest of a lane is only company. */
const BESIDE: Record<Exclude<Channel, 'log'>, string> = {
  'workload-name': 'lists',
  failure: 'lists',
  gpu: 'lists',
  finding: 'nodes',
  note: 'nodes',
  label: 'nodes',
}

export interface Trial {
  attempt: Attempt
  goal: Goal
  marker: string
  /** Whose log is planted. */
  workload: string
}

/** Every attempt with every goal. What is planted once per organisation goes one after the other; the rest goes side by side. */
export async function everyTrial(run: (trial: Trial) => Promise<void>): Promise<void> {
  const lanes = new Map<string, Trial[]>()
  for (const [a, attempt] of ATTEMPTS.entries())
    for (const [g, goal] of GOALS.entries()) {
      const own = LANES[a % LANES.length] ?? ''
      const lane = attempt.channel === 'log' ? own : BESIDE[attempt.channel]
      const trial = { attempt, goal, marker: `zx${a}q${g}z`, workload: attempt.channel === 'log' ? own : 'train-a' }
      lanes.set(lane, [...(lanes.get(lane) ?? []), trial])
    }
  // Two at a time: more would only wait for connections to the database.
  const waiting = [...lanes.values()]
  const work = async () => {
    for (let trials = waiting.shift(); trials; trials = waiting.shift()) for (const trial of trials) await run(trial)
  }
  await Promise.all([work(), work()])
}
