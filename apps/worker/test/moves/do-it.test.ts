import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conversation } from '../conversation'
import { RealParts } from '../real-parts'
import { until } from '../until'

let parts: RealParts
let ana: Conversation
beforeAll(async () => {
  parts = await RealParts.open({ demoNodes: 8, scenario: 'fleet8' })
  ana = Conversation.ana(parts)
  await until(
    'the twelve workloads of the world run',
    async () => (await parts.db.workload.count({ where: { status: 'running' } })) === 12,
    120_000,
    () => parts.output(),
  )
  await until(
    'the failing card is found',
    async () => (await parts.db.finding.count({ where: { state: 'open', gpuId: { not: null } } })) > 0,
    120_000,
    () => parts.output(),
  )
  // Loading ranks have nothing to save yet.
  await until(
    'code-lora trains',
    async () => {
      const { id } = await parts.db.workload.findFirstOrThrow({ where: { name: 'code-lora' } })
      return (await parts.db.workloadMetric.count({ where: { workloadId: id, name: 'loss' } })) > 0
    },
    60_000,
    () => parts.output(),
  )
}, 300_000)
afterAll(() => parts?.close(), 60_000)

const where = async (name: string) => {
  const workload = await parts.db.workload.findFirstOrThrow({
    where: { name, deletedAt: null },
    include: { replicas: { where: { closedAt: null }, include: { node: true } } },
  })
  return `${workload.status} on ${workload.replicas.map((r) => r.node.name).join(', ')}`
}
const held = (name: string) => parts.db.reservation.count({ where: { releasedAt: null, gpu: { node: { name } } } })

describe('"do it" after the health report', () => {
  it('drains node-06 to node-04, isolates GPU 3, and can be undone', async () => {
    const report = await ana.say('Give me a daily health report')
    expect(report.text).toContain('node-06')
    expect(report.planId).not.toBeNull()
    const planId = report.planId ?? ''
    const card = await ana.plan(planId)
    expect(card.content.title).toBe('Drain node-06, isolate GPU 3')
    expect(card.risk).toBe('medium')
    expect(card.content.origin.untrusted).toEqual([])
    expect(card.content.affects.workloads.map((w) => w.name).sort()).toEqual(['code-lora', 'ocr-batch'])
    expect(card.content.changes.find((c) => c.label === 'code-lora')?.after).toContain('node-04')
    expect(card.content.changes.find((c) => c.label === 'ocr-batch')?.after).toContain('node-04')
    expect(card.content.notDone.join(' ')).toContain('isolate GPU 3 of node-06 alone')
    expect(card.content.warnings.join(' ')).toContain('ocr-batch keeps no checkpoints')
    expect(card.content.undo.text).toContain('Moved workloads stay')
    expect(await where('code-lora')).toBe('running on node-06')

    const said = await ana.say('Do it')
    expect(said.text).toContain('approved')
    const done = await ana.over(planId)
    expect(`${done.state}: ${done.stateReason}`).toBe('succeeded: null')
    expect(await where('code-lora')).toBe('running on node-04')
    expect(await where('ocr-batch')).toBe('running on node-04')
    expect(await held('node-06')).toBe(0)
    expect(await held('node-04')).toBe(4)
    const node = await parts.db.node.findFirstOrThrow({ where: { name: 'node-06' }, include: { gpus: true } })
    expect(node.cordonedAt).not.toBeNull()
    expect(node.cordonReason).toContain('next: uncordon')
    expect(node.gpus.find((g) => g.index === 3)?.health).toBe('quarantined')
    expect(done.outcome?.text).toContain('GPU 3 of node-06 is isolated')
    expect(done.outcome?.text).toMatch(/code-lora moved from node-06 to node-04 and resumed at step [\d,]+/)
    expect(done.steps.find((s) => s.kind === 'checkpoint-workload')?.progress).toMatch(
      /saved a checkpoint at step [\d,]+/,
    )

    const undo = await ana.say('undo that')
    expect(undo.planId).not.toBeNull()
    const back = await ana.plan(undo.planId ?? '')
    expect(back.content.title).toBe('Uncordon node-06, return GPU 3')
    expect(back.content.notDone.join(' ')).toContain('stay where they are')
    expect(await ana.approve(back.id)).toBe('approved')
    expect((await ana.over(back.id)).state).toBe('succeeded')
    const after = await parts.db.node.findFirstOrThrow({ where: { name: 'node-06' }, include: { gpus: true } })
    expect(after.cordonedAt).toBeNull()
    expect(after.gpus.find((g) => g.index === 3)?.health).toBe('ok')
    expect(await where('code-lora')).toBe('running on node-04')
  }, 240_000)
})
