import { expect, test } from 'vitest'
import { nodeOf } from '../../../test/sim-bench'
import { kernelEvent, parseKernelLine } from '../../machine/kernel/kernel-line'
import { parseReport } from '../../machine/nvidia/report'
import type { Fault } from '../faults/fault'
import { XID_CODES } from '../faults/xid-lines'
import { SimMachine } from './sim-machine'

const START = Date.UTC(2026, 0, 5, 9)
const fault = (kind: Fault['kind'], gpu: number, code: number | null = null): Fault => ({
  kind,
  node: 'x',
  gpu,
  code,
  sinceMs: START,
})

function machineOf(name: string): SimMachine {
  const machine = new SimMachine('fleet8', nodeOf(name), 'boot-1')
  machine.read(START)
  return machine
}

test('the report is one that the parser of real reports understands', () => {
  const machine = machineOf('node-06')
  const report = parseReport(machine.diagnostics(null)['nvidia-smi -q'] ?? '')
  expect(report).toMatchObject({ driverVersion: '550.144.03', cudaVersion: '12.4' })
  expect(report?.gpus.map((gpu) => [gpu.uuid, gpu.readability])).toEqual(machine.gpus.map((gpu) => [gpu.uuid, 'ok']))
  expect(report?.gpus[3]).toMatchObject({ memoryMib: 81_920, slowdownTempC: 89, powerLimitW: 400, recoveryAction: 0 })
  expect(report?.gpus[3]?.counters).toContainEqual({
    kind: 'ecc-corrected',
    location: 'dram',
    scope: 'volatile',
    value: 47,
  })
})

test('newer drivers speak of margins, and of one GPU when one is asked for', () => {
  const machine = machineOf('node-02')
  const uuid = machine.gpus[5]?.uuid ?? ''
  const report = parseReport(machine.diagnostics(uuid)['nvidia-smi -q'] ?? '')
  expect(report?.gpus).toHaveLength(1)
  expect(report?.gpus[0]).toMatchObject({ uuid, slowdownTempC: null, slowdownMarginC: -2 })
})

test('a lost GPU and one that needs a reset are told as such', () => {
  const machine = machineOf('node-01')
  machine.faultOn(fault('gpu-lost', 0), START)
  machine.faultOn(fault('xid', 1, 95), START)
  const report = parseReport(machine.diagnostics(null)['nvidia-smi -q'] ?? '')
  expect(report?.gpus.slice(0, 2).map((gpu) => gpu.readability)).toEqual(['lost', 'requires-reset'])
  expect(report?.gpus[1]?.recoveryAction).toBe(1)
})

test.each(XID_CODES)('the kernel’s line of XID %i is read as that XID on that GPU', (code) => {
  const machine = machineOf('node-01')
  machine.faultOn(fault('xid', 2, code), START)
  const first = machine.diagnostics(null)['kernel log']?.split('\n')[0] ?? ''
  const line = parseKernelLine(first, 0)
  expect(line.atMs).not.toBeNull()
  expect(kernelEvent(line.message)).toMatchObject({ kind: 'xid', code, pciBusId: '0000:47:00' })
})

test('the line of an out-of-memory kill is read as one', () => {
  const machine = machineOf('node-05')
  machine.oomKilled(4121, 'python3', 16_000, 'rep_1', START)
  expect(kernelEvent(machine.diagnostics(null)['kernel log'] ?? '')).toMatchObject({ kind: 'oom-kill', code: 4121 })
})
