import type { SimMachine } from '../sim/machine/sim-machine'
import type { MachineDriver } from './machine-driver'

/** A simulated machine as the agent sees it: the same words as from a real driver, marked as demo. */
export function simDriver(machine: SimMachine, now: () => number = Date.now): MachineDriver {
  return {
    kind: 'sim',
    facts: async () => machine.facts(),
    read: async () => machine.read(now()),
    watch: (onEvent) => machine.onEvent(onEvent),
    diagnostics: async (gpuUuid) => machine.diagnostics(gpuUuid),
  }
}
