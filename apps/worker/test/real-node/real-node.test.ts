import { workloadSpecOf } from '@clawbernetes/domain/workloads/workload-spec-of'
import { randomUUID } from 'node:crypto'
import { access } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { newId } from '@clawbernetes/services/context'
import { decide } from '@clawbernetes/services/approvals/decide'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import type { Ctx } from '@clawbernetes/services/context'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { placeWorkload } from '@clawbernetes/services/workloads/place-workload'
import { requestStop } from '@clawbernetes/services/workloads/request-stop'
import { startReplicas } from '@clawbernetes/services/workloads/start-replicas'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import * as z from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RealParts } from '../real-parts'
import { until } from '../until'

/** An image with a shell, made on the spot by the test set-up: there is no registry. */
const IMAGE = process.env.CLAWBERNETES_TEST_IMAGE ?? 'localhost/bb:1'
const SOCKETS = {
  docker: process.env.CLAWBERNETES_TEST_DOCKER ?? 'unix:///var/run/docker.sock',
  podman: process.env.CLAWBERNETES_TEST_PODMAN ?? 'unix:///run/podman/podman.sock',
}
const engines = { docker: await answers(SOCKETS.docker), podman: await answers(SOCKETS.podman) }
for (const [engine, there] of Object.entries(engines))
  if (!there) console.log(`No ${engine} answers at ${SOCKETS[engine as 'docker']}: a real node is not tested with it.`)

let parts: RealParts
let ana: Ctx
beforeAll(async () => {
  parts = await RealParts.open({ demoNodes: 0 })
  ana = parts.owner()
}, 240_000)
afterAll(() => parts?.close(), 60_000)

/** Says a sentence, approves the plan that comes of it, and waits for its end. */
async function order(text: string): Promise<{ state: string; workloadId: string }> {
  const { threadId } = await sendMessage({ ctx: ana, input: { text, clientKey: `key-${randomUUID()}` } })
  await until(
    `"${text}" has a plan`,
    async () => (await parts.db.plan.count({ where: { threadId } })) === 1,
    60_000,
    () => parts.output(),
  )
  const { id } = await parts.db.plan.findFirstOrThrow({ where: { threadId } })
  const plan = await readPlan({ ctx: ana, input: { planId: id } })
  await decide({
    ctx: ana,
    input: {
      planId: id,
      revision: plan.revision,
      digest: plan.digest,
      decision: 'approve',
      typedName: plan.content.confirmName,
    },
  })
  await until(
    'the plan has ended',
    async () =>
      !['proposed', 'approved', 'running'].includes((await parts.db.plan.findUniqueOrThrow({ where: { id } })).state),
    90_000,
    () => parts.output(),
  )
  const after = await parts.db.plan.findUniqueOrThrow({ where: { id } })
  return { state: after.state, workloadId: z.string().parse(plan.content.steps[0]?.args.workloadId) }
}

async function start(node: string, change: Partial<WorkloadSpec>): Promise<string> {
  const { id: nodeId } = await parts.db.node.findFirstOrThrow({ where: { name: node } })
  const workloadId = newId('workload', new Date())
  const name = `wl-${workloadId.slice(-8)}`
  const stop = { signal: 'SIGTERM' as const, graceMs: 2000 }
  const spec = workloadSpecOf({ kind: 'batch', image: IMAGE, command: ['sleep', '600'], stop, ...change })
  const places = [{ ordinal: 0, nodeId, nodeName: node, gpuIds: [], gpuUuids: [] }]
  const sys = { db: parts.db, now: () => new Date() }
  await placeWorkload(sys, {
    orgId: parts.orgId,
    ownerId: 'usr_ana',
    planId: null,
    stepId: `t:${workloadId}`,
    args: { workloadId, name, spec, places },
  })
  await startReplicas(sys, { orgId: parts.orgId, stepId: `t:${workloadId}:s`, args: { workloadId, places } })
  return workloadId
}

const status = async (workloadId: string) =>
  (await parts.db.workload.findUniqueOrThrow({ where: { id: workloadId } })).status
const replica = (workloadId: string) => parts.db.replica.findFirstOrThrow({ where: { workloadId } })
const lines = async (workloadId: string) =>
  (
    await parts.db.workloadLog.findMany({
      where: { workloadId, stream: { in: ['stdout', 'stderr'] } },
      orderBy: { seq: 'asc' },
    })
  ).map((l) => l.text)
const ended = (workloadId: string) =>
  until(
    'it has ended',
    async () => ['succeeded', 'failed', 'stopped'].includes(await status(workloadId)),
    60_000,
    () => parts.output(),
  )

describe.each(['docker', 'podman'] as const)('a real node with %s', (engine) => {
  const node = `real-${engine}`
  beforeAll(async () => {
    if (engines[engine]) await parts.joinReal(node, engine)
  }, 120_000)

  it.skipIf(!engines[engine])(
    'runs a container from a sentence and keeps its log and exit code',
    async () => {
      const done = await order(
        `run the job \`sh -c "echo hello from $(hostname); echo to stderr >&2"\` on ${node} with image ${IMAGE}`.replace(
          '$(hostname)',
          engine,
        ),
      )
      expect(done.state).toBe('succeeded')
      await ended(done.workloadId)
      expect(await status(done.workloadId)).toBe('succeeded')
      await until('both lines are there', async () => (await lines(done.workloadId)).length >= 2)
      expect((await lines(done.workloadId)).sort()).toEqual([`hello from ${engine}`, 'to stderr'])
      expect((await replica(done.workloadId)).exitCode).toBe(0)
    },
    240_000,
  )

  it.skipIf(!engines[engine])(
    'tells a failed command with its exit code',
    async () => {
      const id = await start(node, { command: ['sh', '-c', 'exit 7'] })
      await ended(id)
      expect(await status(id)).toBe('failed')
      expect((await replica(id)).exitCode).toBe(7)
    },
    120_000,
  )

  it.skipIf(!engines[engine])(
    'tells a kill for memory as OOM',
    async () => {
      const id = await start(node, {
        command: ['sh', '-c', 'dd if=/dev/zero of=/dev/null bs=200M count=1'],
        memoryMib: 32,
      })
      await ended(id)
      expect(await replica(id)).toMatchObject({ oomKilled: true, phase: 'failed' })
      expect((await parts.db.workload.findUniqueOrThrow({ where: { id } })).statusReason).toContain('OOM')
    },
    120_000,
  )

  it.skipIf(!engines[engine])(
    'stops what runs',
    async () => {
      const id = await start(node, {})
      await until(
        'it runs',
        async () => (await status(id)) === 'running',
        60_000,
        () => parts.output(),
      )
      await requestStop({ db: parts.db, now: () => new Date() }, { orgId: parts.orgId, workloadId: id, reason: 'test' })
      await ended(id)
      expect(await status(id)).toBe('stopped')
      expect((await replica(id)).closedAt).not.toBeNull()
    },
    120_000,
  )
})

describe('a real node without an engine', () => {
  it('runs a real process from a sentence, keeps its log, and stops another one', async () => {
    await parts.joinReal('real-process', 'none')
    const done = await order('run the job `sh -c "echo working; exit 0"` on real-process')
    expect(done.state).toBe('succeeded')
    await ended(done.workloadId)
    await until('its line is there', async () => (await lines(done.workloadId)).includes('working'))
    const id = await start('real-process', { runtime: 'process', image: null })
    await until(
      'it runs',
      async () => (await status(id)) === 'running',
      60_000,
      () => parts.output(),
    )
    await requestStop({ db: parts.db, now: () => new Date() }, { orgId: parts.orgId, workloadId: id, reason: 'test' })
    await ended(id)
    expect(await status(id)).toBe('stopped')
  }, 300_000)
})

function answers(socket: string): Promise<boolean> {
  const file = socket.replace('unix://', '')
  return access(file).then(
    () =>
      new Promise((resolve) =>
        execFile('curl', ['-sf', '--max-time', '5', '--unix-socket', file, 'http://d/_ping'], (error) =>
          resolve(!error),
        ),
      ),
    () => false,
  )
}
