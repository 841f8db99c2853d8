import { readTools } from '@clawbernetes/skills/registry/registry'
import { type SkillsWorld, skillsWorld } from '@clawbernetes/skills/registry/testing/skills-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Words that no rule of ours would find suspicious: only a tool's own mark can tell that they came from outside. */
const PLANTED = 'quokka marmalade seventeen'

let world: SkillsWorld
beforeAll(async () => {
  world = await skillsWorld()
  await plant(world)
}, 60_000)
afterAll(() => world.close())

/** Into every field that a machine or a stranger writes in prose; names and models are checked by their shape. */
async function plant({ fleet: { db } }: SkillsWorld): Promise<void> {
  await db.$executeRaw`update node set status_reason = ${PLANTED}, cordon_reason = ${PLANTED}, cordoned_at = now(), cordoned_by = 'usr_x', labels = jsonb_build_object('rack', ${PLANTED}::text), inventory = jsonb_set(jsonb_set(inventory, '{hostname}', to_jsonb(${PLANTED}::text)), '{os}', to_jsonb(${PLANTED}::text)) where name in ('node-03', 'node-06')`
  await db.$executeRaw`update gpu set name = ${PLANTED}, health_reason = ${PLANTED}`
  await db.$executeRaw`update finding set evidence = jsonb_set(evidence, '{for,0,line}', to_jsonb(${PLANTED}::text)) where jsonb_array_length(evidence->'for') > 0`
  await db.$executeRaw`update health_event set line = ${PLANTED}`
  await db.$executeRaw`update workload_log set text = text || ' ' || ${PLANTED}`
  await db.$executeRaw`update replica set reason = ${PLANTED}, reason_code = 'start-failed'`
  await db.$executeRaw`update workload set status_reason = ${PLANTED} where status = 'failed'`
}

const NODES = ['node-01', 'node-03', 'node-06']
const WORKLOADS = ['fine-tune-llama', 'fine-tune-7b', 'prep-web', 'sweep-14']
const ARGS: Record<string, unknown>[] = [
  {},
  ...NODES.flatMap((node) => [{ node }, { nodes: [node] }, { node, gpu: 0 }, { scope: node }, { about: node }]),
  ...WORKLOADS.flatMap((name) => [{ workload: name }, { job: name }, { batch: name }, { about: name }]),
  { status: 'failed' },
  { explain: true },
  { since: 'P1D' },
  { history: true },
  { compare: true },
  { period: 'P1D', group_by: 'node' },
  { node: 'node-03', symptom: 'utilization_zero' },
]

describe('text from machines', () => {
  it.each(readTools().map((t) => [t.name, t] as const))('leaves %s only with a mark', async (_, tool) => {
    let seen = 0
    for (const raw of ARGS) {
      const args = tool.input.safeParse(raw)
      if (!args.success) continue
      const text = `${Object.values(raw).join(' ')} ${tool.name}`
      const result = await tool.run(args.data, world.tool(text)).catch(() => null)
      if (!result || !JSON.stringify([result.say, result.data, result.blocks]).includes('quokka')) continue
      seen++
      expect(
        result.untrusted,
        `${tool.name}(${JSON.stringify(raw)}) repeats text from outside without saying so`,
      ).toBeTruthy()
    }
    if (['logs', 'explain', 'diagnose_gpu', 'incident_investigate'].includes(tool.name)) expect(seen).toBeGreaterThan(0)
  })
})
