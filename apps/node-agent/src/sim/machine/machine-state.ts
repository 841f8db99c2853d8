import * as z from 'zod'
import type { ScenarioNode } from '../scenarios/scenario'
import { freshCounts, gpuCounts } from './gpu-counters'

/** What a simulated machine keeps over a restart of the simulator. */
export const machineState = z.object({
  bootId: z.string(),
  /** Time of the simulated world in ms; runs at the fleet's speed. */
  simMs: z.number().min(0),
  /** Numbers for the keys of events: never used twice. */
  eventSeq: z.number().int().min(0),
  gpus: z.array(z.object({ tempC: z.number(), hwThermal: z.boolean(), eccDue: z.number(), counts: gpuCounts })),
  pulledImages: z.array(z.string()),
  /** The last lines of the kernel's log about GPUs and memory. */
  kernelLog: z.array(z.object({ atMs: z.number(), line: z.string() })).default([]),
})
export type MachineState = z.infer<typeof machineState>

/** A machine at the scenario's beginning. */
export function freshState(node: ScenarioNode, bootId: string): MachineState {
  const gpus = Array.from({ length: node.gpu?.count ?? 0 }, (_, index) => {
    const counts = freshCounts()
    const before = node.gpuHistory.find((h) => h.index === index)
    if (before) {
      counts.correctedDram = before.correctedVolatile
      counts.lifeCorrectedDram = Math.max(before.correctedAggregate, before.correctedVolatile)
    }
    return { tempC: node.ambientC + 7, hwThermal: false, eccDue: 0, counts }
  })
  return { bootId, simMs: 0, eventSeq: 0, gpus, pulledImages: [...node.images], kernelLog: [] }
}
