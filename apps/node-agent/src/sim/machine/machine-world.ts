import { xidOf } from '../faults/xid-lines'
import { type MachineView, modelOf, type SimGpu } from './machine-view'
import type { ProcessEffect, World } from './world-file'

const UNUSABLE = 'CUDA error: unknown error'

/** What the processes on this machine can notice of their hardware. */
export function worldOf(view: MachineView, timeScale: number, nowMs: number): World {
  const gpus: World['gpus'] = {}
  for (const gpu of view.gpus) {
    const speed = Math.round(gpu.moment.speed * 100) / 100
    gpus[gpu.uuid] = { index: gpu.index, speed, memoryMib: modelOf(view).memoryMib, effects: effectsOn(view, gpu) }
  }
  return { atMs: nowMs, timeScale, gpus }
}

function effectsOn(view: MachineView, gpu: SimGpu): ProcessEffect[] {
  const effects: ProcessEffect[] = []
  for (const fault of view.faults) {
    if (fault.gpu !== gpu.index) continue
    const add = (kind: ProcessEffect['kind'], message: string | null) =>
      effects.push({ kind, atMs: fault.sinceMs, message })
    if (fault.kind === 'oom') add('memory-spike-dies', null)
    if (fault.kind === 'hung-context') add('memory-spike-hangs', null)
    if (fault.kind === 'gpu-lost') add('unusable', UNUSABLE)
    if (fault.kind !== 'xid' || fault.code === null) continue
    const { effect, cudaError } = xidOf(fault.code)
    if (effect === 'process-dies') add('dies', cudaError ?? null)
    if (effect === 'process-hangs') add('hangs', null)
    if (effect === 'gpu-lost' || effect === 'needs-reset') add('unusable', cudaError ?? UNUSABLE)
  }
  return effects
}
