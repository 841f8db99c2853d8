import { describe, expect, it } from 'vitest'
import { advise, type AdviceFacts, worthAdvice } from './advise'

const facts = (over: Partial<AdviceFacts>): AdviceFacts => ({
  rule: 'thermal-throttling',
  severity: 'critical',
  node: 'node-01',
  gpu: 2,
  linkedGpus: 3,
  holder: { workload: 'fine-tune-llama' },
  moveTo: { node: 'node-02', gpuModel: 'H100-80GB', sameModel: false },
  ...over,
})

describe('advice', () => {
  it('moves what a hot GPU slows down, and says when the GPU model changes', () => {
    expect(advise(facts({}))).toMatchObject({
      intent: 'migrate_workload',
      slots: { workload: 'fine-tune-llama', to_node: 'node-02' },
      text: expect.stringContaining('another GPU model'),
    })
    expect(advise(facts({ moveTo: null }))).toBeNull()
    expect(advise(facts({ holder: null }))).toMatchObject({ intent: 'isolate_gpu', slots: { node: 'node-01', gpu: 2 } })
  })
  it('drains the node for a memory fault only where a reset would stop linked GPUs', () => {
    const ecc = { rule: 'ecc-corrected', severity: 'warning' as const, node: 'node-06', gpu: 3 }
    expect(advise(facts(ecc))).toMatchObject({
      intent: 'drain_node',
      slots: { node: 'node-06', isolate_gpu: 3 },
      narrower: expect.stringContaining('alone is enough'),
    })
    expect(advise(facts({ ...ecc, linkedGpus: 0 }))).toMatchObject({ intent: 'isolate_gpu' })
  })
  it('touches no hardware for an error of an application', () => {
    expect(advise(facts({ rule: 'xid-31', severity: 'info' }))).toBeNull()
    expect(advise(facts({ rule: 'xid-109', severity: 'warning' }))).toBeNull()
    expect(advise(facts({ rule: 'xid-79', severity: 'critical' }))).toMatchObject({ intent: 'drain_node' })
  })
  it('restarts what hangs', () => {
    expect(advise(facts({ rule: 'hung-context' }))).toMatchObject({
      intent: 'restart_workload',
      slots: { workload: 'fine-tune-llama' },
    })
  })
  it('takes the gravest finding first and leaves out what only informs', () => {
    const order = worthAdvice([
      { rule: 'slow-in-gang', severity: 'warning' },
      { rule: 'xid-31', severity: 'info' },
      { rule: 'thermal-throttling', severity: 'critical' },
      { rule: 'ecc-corrected', severity: 'warning' },
      { rule: 'row-remap-pending', severity: 'warning' },
    ])
    expect(order.map((f) => f.rule)).toEqual(['thermal-throttling', 'ecc-corrected', 'slow-in-gang'])
  })
})
