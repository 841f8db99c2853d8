import { workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { expect, test } from 'vitest'
import { fleet8Nodes, fleet8Workloads } from './fleet8'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

test('the fleet has 24 A100 and 8 H100 on 8 nodes, 18 allocated and 14 free', () => {
  expect(fleet8Nodes).toHaveLength(8)
  const count = (model: string) => sum(fleet8Nodes.filter((n) => n.gpuModel.startsWith(model)).map((n) => n.gpus))
  expect([count('A100'), count('H100')]).toEqual([24, 8])
  const allocated = sum(fleet8Nodes.map((n) => n.allocated))
  expect([allocated, 32 - allocated]).toEqual([18, 14])
})

test('twelve workloads run and take exactly the GPUs that the table says', () => {
  const running = fleet8Workloads.filter((w) => w.nodes !== null)
  expect(running).toHaveLength(12)
  for (const node of fleet8Nodes) {
    const taken = sum(running.filter((w) => w.nodes?.includes(node.name)).map((w) => w.spec.gpusPerReplica))
    expect([node.name, taken]).toEqual([node.name, node.allocated])
  }
})

test('three wait, and none of them fits into what is free', () => {
  const pending = fleet8Workloads.filter((w) => w.nodes === null)
  expect(pending).toHaveLength(3)
  const free = fleet8Nodes.map((n) => ({
    ...n,
    free: n.gpus - n.allocated,
    pool: n.name >= 'node-07' ? 'research' : 'other',
  }))
  for (const { spec } of pending) {
    const fits = free.filter(
      (n) =>
        n.free >= spec.gpusPerReplica &&
        (spec.placement.gpuModel === null || spec.placement.gpuModel === n.gpuModel) &&
        (spec.placement.labels.pool === undefined || spec.placement.labels.pool === n.pool),
    )
    expect(fits).toEqual([])
  }
})

test('the workloads of node-06 fit on node-04', () => {
  const moving = sum(fleet8Workloads.filter((w) => w.nodes?.includes('node-06')).map((w) => w.spec.gpusPerReplica))
  const target = fleet8Nodes.find((n) => n.name === 'node-04')
  expect(target && target.gpus - target.allocated).toBeGreaterThanOrEqual(moving)
})

test('every workload is a valid spec with a name of its own', () => {
  for (const { spec } of fleet8Workloads) expect(workloadSpec.safeParse(spec).error).toBeUndefined()
  expect(new Set(fleet8Workloads.map((w) => w.name)).size).toBe(fleet8Workloads.length)
  for (const { name } of fleet8Workloads) expect(name).toMatch(/^[a-z0-9][a-z0-9.-]{0,62}$/)
})
