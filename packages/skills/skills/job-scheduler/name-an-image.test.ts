import { afterAll, beforeAll, expect, it } from 'vitest'
import { understand } from '../../src/planner/understand'
import type { Preview } from '../../src/registry/define-tool'
import { type SkillsWorld, skillsWorld } from '../../src/registry/testing/skills-world'
import { runBatch } from './run-batch'

let world: SkillsWorld
beforeAll(async () => {
  world = await skillsWorld()
  // As demo nodes are: they simulate containers and nothing else.
  await world.fleet.db.$executeRaw`
    update node set inventory = jsonb_set(inventory, '{runtimes}',
      (select jsonb_agg(r) from jsonb_array_elements(inventory -> 'runtimes') r where r ->> 'kind' = 'container'))`
}, 120_000)
afterAll(async () => {
  await world.close()
})

const preview = (args: Record<string, unknown>): Promise<Preview> =>
  runBatch.preview(runBatch.input.parse(args), world.tool('run /opt/scripts/clean.sh'))

it('a plain process where only containers run: says why, and offers the same with an image, which is planned', async () => {
  const refused = await preview({ command: '/opt/scripts/clean.sh --all', nodes: 'all' })
  if (refused.ok || 'question' in refused) throw new Error('it was not refused')
  expect(refused.say).toBe(
    'All 4 nodes run containers only, because demo nodes are simulated, and without an image `/opt/scripts/clean.sh` would be a plain process of the machine. Name an image that has the program in it: add `with image ubuntu:24.04`, for example. Plain processes run on Linux nodes that you connect.',
  )
  expect(refused.options).toEqual([
    { label: 'Run it in ubuntu:24.04', send: 'run `/opt/scripts/clean.sh --all` on all nodes with image ubuntu:24.04' },
  ])
  expect(JSON.stringify(refused.blocks)).toContain('it runs no plain processes, only containers')
  expect(await preview({ command: '/opt/scripts/clean.sh --all', nodes: 'all', image: 'ubuntu:24.04' })).toMatchObject({
    ok: true,
  })
})

it('names the nodes that were asked for', async () => {
  const refused = await preview({ command: 'python prep.py', nodes: ['node-02', 'node-03'] })
  if (refused.ok || 'question' in refused) throw new Error('it was not refused')
  expect(refused.say).toMatch(/^Both nodes run containers only/)
  const send = refused.options[0]?.send ?? ''
  expect(send).toBe('run `python prep.py` on node-02 and node-03 with image python:3.12-slim')
  // What the button sends is understood as what it offers.
  expect(understand({ utterance: send, context: null, inventory: { nodes: ['node-02', 'node-03'] } })).toMatchObject({
    intent: 'run_batch',
    slots: { command: 'python prep.py', nodes: ['node-02', 'node-03'], image: 'python:3.12-slim' },
  })
})
