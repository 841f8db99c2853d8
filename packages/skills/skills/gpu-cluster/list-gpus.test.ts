import { cordonNode } from '@clawbernetes/services/fleet/cordon-node'
import { fleetSummary } from '@clawbernetes/services/fleet/fleet-summary'
import { listGpus as readGpus } from '@clawbernetes/services/fleet/list-gpus'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SkillsWorld, skillsWorld } from '../../src/registry/testing/skills-world'
import { listGpus } from './list-gpus'

let world: SkillsWorld
beforeAll(async () => {
  world = await skillsWorld()
}, 120_000)
afterAll(async () => {
  await world.close()
})

it('a GPU that idles on a cordoned node is free in no answer, and every view counts the same', async () => {
  const ctx = world.fleet.ctx('admin')
  const ask = () => listGpus.run({ free: true, gpu_type: 'H100' }, world.tool('which H100 are free?'))
  const stateOf = async () =>
    (await readGpus({ ctx })).filter((gpu) => gpu.nodeName === 'node-02').map((gpu) => gpu.state)
  const before = await ask()
  expect(before.say).toMatch(/^8 of 8 H100 GPUs are free/)
  expect(before.blocks).toMatchObject([{ href: '/gpus?q=state%3Afree+model%3Ah100' }])

  const node = await world.fleet.db.node.findFirstOrThrow({ where: { name: 'node-02' } })
  await cordonNode({ ctx, input: { nodeId: node.id, reason: 'Fan', expiresAt: null } })
  const after = await ask()
  expect(after.say).toBe(
    'No H100 GPU is free: 0 of 8 are allocated. 8 more are idle where nothing new is placed: cordoned.',
  )
  expect(after.data).toMatchObject({ free: 0, cordoned: 8, unavailable: 8, byModel: [{ total: 8, free: 0 }] })
  expect(await stateOf()).toEqual(Array.from({ length: 8 }, () => 'cordoned'))

  const all = await listGpus.run({ free: true }, world.tool('which GPUs are free?'))
  const page = (await readGpus({ ctx })).filter((gpu) => gpu.state === 'free').length
  expect(all.data).toMatchObject({ free: page })
  expect((await fleetSummary({ ctx })).gpus.byModel).toContainEqual(
    expect.objectContaining({ model: 'H100-80GB', free: 0 }),
  )
})
