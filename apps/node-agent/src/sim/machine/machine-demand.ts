import { gangDemand, gangSpeed } from '../physics/gang'
import type { GpuDemand } from '../physics/gpu-step'
import { seedOf } from '../physics/noise'
import { demandAt } from '../physics/rhythm'
import type { MachineView, SimGpu } from './machine-view'

/** What the processes ask of each GPU just now; one that nobody uses is not in the map. */
export function demandsOf(view: Pick<MachineView, 'loads' | 'gpus' | 'state'>): Map<string, GpuDemand> {
  const demands = new Map<string, GpuDemand>()
  for (const load of view.loads) {
    const members = load.gpuUuids
      .map((uuid) => view.gpus.find((gpu) => gpu.uuid === uuid))
      .filter((gpu): gpu is SimGpu => gpu !== undefined)
    const slowest = gangSpeed(members.map((gpu) => gpu.moment.speed))
    const processSeed = seedOf(load.replicaId)
    for (const gpu of members) {
      const own = demandAt(load.phase, load.busyShare, load.intensity, view.state.simMs, processSeed, gpu.seed)
      demands.set(gpu.uuid, load.phase === 'compute' ? gangDemand(own, gpu.moment.speed, slowest) : own)
    }
  }
  return demands
}
