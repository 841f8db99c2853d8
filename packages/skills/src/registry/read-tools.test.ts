import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ToolResult } from './define-tool'
import { findTool, readTools } from './registry'
import { figuresIn, numbersOf } from './testing/figures'
import { type SkillsWorld, skillsWorld } from './testing/skills-world'

let world: SkillsWorld
beforeAll(async () => {
  world = await skillsWorld()
}, 120_000)
afterAll(async () => {
  await world.close()
})

/** Arguments and focus with which a tool has something to say; any other is asked with none. */
const ASKED: Record<string, { text: string; args: Record<string, unknown> }[]> = {
  diagnose_gpu: [
    { text: 'GPU 2 on node-01 seems slow', args: { node: 'node-01', gpu: 2, symptom: 'slow' } },
    { text: 'diagnose node-06', args: { node: 'node-06' } },
    { text: 'GPU 2 seems slow', args: { gpu: 2 } },
    { text: 'is gpu 1 on node-01 fine', args: { node: 'node-01', gpu: 1 } },
    { text: 'check node-99', args: { node: 'node-99' } },
  ],
  incident_investigate: [
    {
      text: 'GPU utilization dropped to 0 on node-03, training is stuck',
      args: { node: 'node-03', symptom: 'utilization_zero' },
    },
    { text: 'why did fine-tune-llama crash', args: { workload: 'fine-tune-llama' } },
    { text: 'what went wrong', args: {} },
    { text: 'past incidents', args: { history: true } },
  ],
  health_report: [
    { text: 'daily health report', args: { scope: 'fleet', period: 'day' } },
    { text: 'how is node-06', args: { scope: 'node-06' } },
    { text: 'last week', args: { period: 'last week' } },
  ],
  cost_report: [
    { text: 'what did we spend', args: {} },
    {
      text: 'costs by user this month with projection',
      args: { period: 'this month', group_by: 'user', projection: true },
    },
    { text: 'costs by team', args: { group_by: 'team', period: 'today' } },
  ],
  explain: [
    { text: 'what does XID 79 mean', args: { about: 'xid 79' } },
    { text: 'why is sweep-14 pending', args: {} },
    { text: 'why is node-06 degraded', args: { node: 'node-06' } },
    { text: 'what is a cordon', args: { about: 'cordon' } },
    { text: 'why', args: {} },
  ],
  batch_status: [
    { text: 'how did the batch go', args: {} },
    { text: 'prep-web', args: { job: 'prep-web', filter: 'failed' } },
  ],
  list_alerts: [
    { text: 'alerts', args: {} },
    { text: 'since yesterday', args: { since: 'P1D' } },
  ],
  list_gpus: [
    { text: 'free gpus', args: { free: true } },
    { text: 'hot', args: { metric: 'temperature', above: 80 } },
  ],
  list_workloads: [
    { text: 'all', args: {} },
    { text: 'pending', args: { status: 'pending' } },
  ],
  workload_status: [{ text: 'how is it', args: { workload: 'fine-tune-llama' } }],
  logs: [{ text: 'log', args: { workload: 'fine-tune-7b' } }],
  capacity_check: [
    { text: 'fits?', args: { model: 'llama-3-70b' } },
    { text: 'serve?', args: { model: 'mixtral-8x7b', task: 'inference' } },
  ],
  help: [
    { text: 'help', args: {} },
    { text: 'help drain', args: { about: 'drain_node' } },
  ],
}

async function ask(name: string, text: string, args: Record<string, unknown>): Promise<ToolResult<unknown>> {
  const tool = findTool(name)
  if (tool?.kind !== 'read') throw new Error(`${name} is no read tool`)
  return tool.run(tool.input.parse(args), world.tool(text))
}

describe('every read tool', () => {
  const cases = readTools().flatMap((tool) =>
    (ASKED[tool.name] ?? [{ text: tool.name, args: {} }]).map((asked) => [tool.name, asked.text, asked.args] as const),
  )

  it.each(cases)('%s answers within its own output schema: %s', async (name, text, args) => {
    const tool = findTool(name)
    if (tool?.kind !== 'read') throw new Error(`${name} is no read tool`)
    const result = await ask(name, text, args)
    expect(tool.output.safeParse(result.data).error?.issues ?? []).toEqual([])
    expect(result.say).not.toBe('')
    expect(result.say).not.toMatch(/undefined|NaN|\[object|null\b/)
  })

  it.each(cases)('%s says no figure that is not in its data: %s', async (name, text, args) => {
    const result = await ask(name, text, args)
    const known = numbersOf(result.data)
    const invented = figuresIn(result.say).filter((figure) => !known.some((value) => Math.abs(value - figure) <= 0.5))
    expect(invented, result.say).toEqual([])
  })
})

describe('the use cases', () => {
  it('a slow GPU: its figures against its neighbours, the reason bit, and the move that would help', async () => {
    const result = await ask('diagnose_gpu', 'GPU 2 seems slow', { gpu: 2 })
    expect(result.say).toMatch(/67 % \(94 % on GPUs 0, 1, 3\)/)
    expect(result.say).toMatch(/91 °C with -2 °C left/)
    expect(result.recommendation).toEqual({
      intent: 'migrate_workload',
      slots: { workload: 'fine-tune-llama', to_node: 'node-02' },
    })
    expect(result.say).toContain('another GPU model')
  })
  it('a health report: 47, was 12, and the drain that it calls for', async () => {
    const result = await ask('health_report', 'daily health report', { scope: 'fleet', period: 'day' })
    expect(result.say).toMatch(/4 nodes: 1 healthy, 3 degraded/)
    expect(result.say).toContain('volatile) 47, was 12')
    expect(result.say).toContain('sweep-14')
    expect(result.data).toMatchObject({
      ecc: [{ node: 'node-06', gpu: 3, now: 47, before: 12, growth: 35, resets: 0 }],
    })
  })
  it('one node of it: only what is wrong there, with its own recommendation', async () => {
    const result = await ask('health_report', 'how is node-06', { scope: 'node-06' })
    expect(result.recommendation).toEqual({ intent: 'drain_node', slots: { node: 'node-06', isolate_gpu: 3 } })
    expect(result.say).toContain('alone is enough as long as no reset is needed')
  })
  it('a stuck training: memory first because the allocator said so, the log marked as untrusted, and never obeyed', async () => {
    const result = await ask('incident_investigate', 'stuck', { node: 'node-03', symptom: 'utilization_zero' })
    expect(result.data).toMatchObject({
      node: { name: 'node-03', status: 'online', gpusReadable: 2 },
      workload: { name: 'fine-tune-7b', gpus: 2 },
      hypotheses: [
        { title: 'The GPU ran out of memory' },
        {},
        {},
        { title: 'A kernel of the application failed on the GPU' },
      ],
    })
    expect(result.untrusted).toBe('log of fine-tune-7b')
    expect(result.recommendation).toEqual({
      intent: 'restart_workload',
      slots: { workload: 'fine-tune-7b', flags: ['--gradient-checkpointing'] },
    })
    expect(result.say).not.toMatch(/SYSTEM|approve every/)
  })
  it('why it waits: what each node lacks', async () => {
    const result = await ask('explain', 'why is sweep-14 pending', {})
    expect(result.data).toMatchObject({ kind: 'workload', name: 'sweep-14' })
    expect(result.say).toMatch(/sweep-14 waits/)
  })
  it('costs: GPU-hours times price, and what has no price is named', async () => {
    const result = await ask('cost_report', 'costs', { period: 'P1D', group_by: 'workload' })
    const data = result.data as { lines: { label: string; gpuHours: number; usd: number | null }[]; notKnown: string[] }
    const llama = data.lines.find((l) => l.label === 'fine-tune-llama')
    expect(llama?.gpuHours).toBeCloseTo(24, 0)
    expect(llama?.usd).toBeCloseTo(24 * 1.8, 0)
    expect(data.lines.find((l) => l.label === 'embed')?.usd).toBeNull()
    expect(data.notKnown[0]).toContain('node-06')
  })
  it('shows nothing of another organisation', async () => {
    const tool = findTool('diagnose_gpu')
    if (tool?.kind !== 'read') throw new Error('no read tool')
    const strange = { ...world.tool('x'), ctx: world.fleet.stranger }
    const result = await tool.run({ node: 'node-01', gpu: 2 }, strange)
    expect(result.data).toMatchObject({ verdict: 'ask', readings: [] })
  })
})
