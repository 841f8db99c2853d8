import type { Fault } from '../faults/fault'
import type { GpuModelSpec } from '../physics/gpu-models'
import type { GpuMoment } from '../physics/gpu-step'
import type { ScenarioNode } from '../scenarios/scenario'
import type { SimLoad } from './load'
import type { MachineState } from './machine-state'

export interface SimGpu {
  index: number
  uuid: string
  pciBusId: string
  serial: string
  seed: number
  moment: GpuMoment
}

/** A simulated machine as those see it who only look. */
export interface MachineView {
  node: ScenarioNode
  /** null: the machine has no GPU. */
  spec: GpuModelSpec | null
  gpus: readonly SimGpu[]
  state: MachineState
  loads: readonly SimLoad[]
  faults: readonly Fault[]
  seed: number
}

/** The model of a machine that has GPUs. */
export function modelOf(view: Pick<MachineView, 'spec'>): GpuModelSpec {
  if (!view.spec) throw new Error('a machine without GPUs has no GPU model')
  return view.spec
}

const BASE_RAM_MIB = 2800

export function ramUsedMib(view: Pick<MachineView, 'node' | 'loads'>): number {
  const base = Math.min(BASE_RAM_MIB, view.node.memoryMib * 0.15)
  return Math.min(
    view.node.memoryMib,
    view.loads.reduce((sum, load) => sum + load.ramMib, base),
  )
}
