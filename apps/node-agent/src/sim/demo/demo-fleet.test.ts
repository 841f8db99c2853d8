import { rm } from 'node:fs/promises'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Assignment } from '@clawbernetes/protocol/node/replica'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../agent-log'
import { FakeGateway, TOKEN } from '../../../test/fake-gateway'
import { fleet8 } from '../scenarios/fleet8'
import type { Scenario } from '../scenarios/scenario'
import { buildProcessCommand, until } from '../../../test/sim-bench'
import { openControl } from './control-server'
import { DemoFleet } from './demo-fleet'

// Real processes on a machine that others use too.
vi.setConfig({ testTimeout: 90_000 })

let build = ''
let processCommand: string[] = []
let dir = ''
let gateway: FakeGateway
const running: DemoFleet[] = []

beforeAll(async () => {
  build = mkdtempSync(join(tmpdir(), 'sim-build-'))
  processCommand = await buildProcessCommand(build)
})
afterAll(() => rm(build, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'demo-fleet-'))
  gateway = new FakeGateway()
  await gateway.start()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((fleet) => fleet.stop()))
  await gateway.stop()
  await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

const only = (name: string): Scenario => ({ ...fleet8, nodes: fleet8.nodes.filter((node) => node.name === name) })

async function startFleet(scenario: Scenario = fleet8, token: string | null = TOKEN): Promise<DemoFleet> {
  const fleet = new DemoFleet({
    scenario,
    stateDir: dir,
    gatewayUrl: gateway.url,
    token,
    processCommand,
    speed: 20,
    log: silentLog,
    pullMs: 20,
  })
  running.push(fleet)
  fleet.start()
  await until('the fleet to be connected', () => fleet.ready)
  return fleet
}

async function stopFleet(fleet: DemoFleet): Promise<void> {
  running.splice(running.indexOf(fleet), 1)
  await fleet.stop()
}

const trainingOn = (fleet: DemoFleet, name: string): Assignment => ({
  replicaId: 'rep_1',
  workloadId: 'wl_1',
  workloadName: 'fine-tune-llama',
  generation: 1,
  desired: 'run',
  spec: {
    runtime: 'container',
    image: 'pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime',
    command: [
      'torchrun',
      '--standalone',
      '--nproc-per-node=4',
      'train.py',
      '--model=llama-3-8b',
      '--method=lora',
      '--data=/data/training',
      '--output-dir=/data/checkpoints/fine-tune-llama',
      '--epochs=3',
    ],
    env: {},
    workdir: null,
    mounts: [
      { hostPath: '/data/training', containerPath: '/data/training', readOnly: true },
      {
        hostPath: '/data/checkpoints/fine-tune-llama',
        containerPath: '/data/checkpoints/fine-tune-llama',
        readOnly: false,
      },
    ],
    ports: [],
    gpuUuids: fleet.nodes.get(name)?.machine.gpus.map((gpu) => gpu.uuid) ?? [],
    memoryMib: null,
    cpus: null,
    shmMib: null,
    pidsMax: null,
    health: null,
    restart: { policy: 'never', maxRestarts: 0, backoffMs: 0 },
    stop: { signal: 'SIGTERM', graceMs: 5000 },
    checkpoint: { dir: '/data/checkpoints/fine-tune-llama', signal: 'SIGUSR1' },
  },
})

test('eight agents join over a real socket and say what they are', async () => {
  await startFleet()
  expect(gateway.hellos.map((hello) => hello.inventory.name).sort()).toEqual(fleet8.nodes.map((node) => node.name))
  expect(gateway.malformed).toEqual([])
  const models = gateway.hellos.flatMap((hello) => hello.inventory.gpus.map((gpu) => gpu.model.slice(0, 4)))
  expect([models.filter((m) => m === 'A100').length, models.filter((m) => m === 'H100').length]).toEqual([24, 8])
  const one = gateway.hellos.find((hello) => hello.inventory.name === 'node-01')?.inventory
  expect(one).toMatchObject({
    demo: true,
    driver: 'sim',
    labels: { 'price-per-gpu-hour-usd': '1.80' },
    dataRoots: ['/data', '/data/checkpoints'],
  })
  expect(one?.runtimes).toEqual([expect.objectContaining({ kind: 'container', engine: 'sim', gpu: 'native' })])
  const files = one?.dataPaths.filter((path) => path.path.startsWith('/data/training/')) ?? []
  expect(files.reduce((sum, file) => sum + (file.sizeMib ?? 0), 0)).toBe(12 * 1024)
  await until('telemetry of all', () => gateway.telemetry.length >= 8)
  expect(gateway.malformed).toEqual([])
})

test('an assignment becomes a process with steps in the log, and ends when it is taken away', async () => {
  const fleet = await startFleet(only('node-01'))
  await gateway.push([trainingOn(fleet, 'node-01')])
  await until('the replica to be ready', () => gateway.status('rep_1')?.phase === 'ready')
  expect(gateway.status('rep_1')).toMatchObject({ gpuVerified: true })
  await until('steps', () => gateway.logOf('rep_1').some((line) => line.text.startsWith('step=')))
  await until('busy GPUs', () =>
    gateway.telemetry
      .at(-1)
      ?.samples.at(-1)
      ?.gpus.every((gpu) => (gpu.utilPct ?? 0) > 60),
  )
  await gateway.push([{ ...trainingOn(fleet, 'node-01'), desired: 'stop' }])
  await until('the replica to end', () => gateway.status('rep_1')?.phase === 'exited')
  expect(fleet.nodes.get('node-01')?.machine.loads()).toEqual([])
  expect(gateway.malformed).toEqual([])
})

test('a fleet that is stopped and started goes on with the same nodes and the same work, without a token', async () => {
  const before = await startFleet(only('node-01'))
  await gateway.push([trainingOn(before, 'node-01')])
  await until('steps', () => gateway.logOf('rep_1').some((line) => line.text.startsWith('step=')))
  const ids = gateway.keys.size
  await stopFleet(before)
  const after = await startFleet(only('node-01'), null)
  await until('the work to go on', () =>
    gateway.logOf('rep_1').some((line) => line.text.startsWith('resuming from checkpoint-')),
  )
  expect(gateway.keys.size).toBe(ids)
  expect(gateway.status('rep_1')?.restarts).toBe(0)
  expect(gateway.conflicts).toEqual([])
  expect(after.status()[0]).toMatchObject({ online: true, workloads: 1 })
})

test('a silent node disconnects while its work goes on, and comes back', async () => {
  const fleet = await startFleet(only('node-01'))
  await gateway.push([trainingOn(fleet, 'node-01')])
  await until('the replica to be ready', () => gateway.status('rep_1')?.phase === 'ready')
  const pid = await until('a process', () => fleet.nodes.get('node-01')?.machine.loads()[0]?.pid)
  await fleet.switchFault({ kind: 'node-silent', node: 'node-01' }, true)
  expect(gateway.online).toBe(false)
  expect(fleet.nodes.get('node-01')?.machine.loads()[0]?.pid).toBe(pid)
  await fleet.switchFault({ kind: 'node-silent', node: 'node-01' }, false)
  await until('the node to be back', () => fleet.ready && gateway.online)
  expect(gateway.hellos.at(-1)?.replicas).toEqual([expect.objectContaining({ replicaId: 'rep_1', phase: 'ready' })])
  expect(fleet.nodes.get('node-01')?.machine.loads()[0]?.pid).toBe(pid)
})

test('a node that lost its power boots with another boot id and tells that its work ended', async () => {
  const fleet = await startFleet(only('node-01'))
  await gateway.push([trainingOn(fleet, 'node-01')])
  await until('the replica to be ready', () => gateway.status('rep_1')?.phase === 'ready')
  const boot = gateway.hellos.at(-1)?.inventory.bootId
  await fleet.switchFault({ kind: 'node-gone', node: 'node-01' }, true)
  expect(fleet.status()[0]).toMatchObject({ online: false, powered: false, workloads: 0 })
  await fleet.switchFault({ kind: 'node-gone', node: 'node-01' }, false)
  await until('the node to be back', () => gateway.online)
  expect(gateway.hellos.at(-1)?.inventory.bootId).not.toBe(boot)
  await until('the end to be told', () => gateway.status('rep_1')?.phase === 'failed')
  expect(gateway.status('rep_1')).toMatchObject({ exitCode: null, reason: { code: 'machine-restarted' } })
})

test('faults last over a restart, are told, and can be reset', async () => {
  const before = await startFleet(only('node-01'))
  await before.switchFault({ kind: 'xid', node: 'node-01', gpu: 2, code: 79 }, true)
  await until('the XID to be told', () => gateway.events.some((event) => event.code === 79))
  await until('the loss to be told', () => gateway.events.some((event) => event.kind === 'gpu-lost'))
  const told = gateway.events.filter((event) => event.code === 79).length
  await stopFleet(before)
  const after = await startFleet(only('node-01'))
  expect(after.faults).toEqual([expect.objectContaining({ kind: 'xid', gpu: 2, code: 79 })])
  expect(gateway.hellos.at(-1)?.inventory.gpus[2]?.readability).toBe('lost')
  expect(gateway.events.filter((event) => event.code === 79)).toHaveLength(told)
  expect(await after.reset()).toContain('1 fault')
  await until('the recovery to be told', () => gateway.events.some((event) => event.kind === 'gpu-recovered'))
})

test.each([
  [{ kind: 'meteor', node: 'node-01' }, /no fault "meteor".*thermal-throttle/],
  [{ kind: 'gpu-lost', node: 'node-99', gpu: 0 }, /no node "node-99".*node-01/],
  [{ kind: 'gpu-lost', node: 'node-01', gpu: 4 }, /no GPU 4: it has 0 to 3/],
  [{ kind: 'gpu-lost', node: 'node-01' }, /--gpu 0 to 3/],
  [{ kind: 'gpu-lost' }, /--node/],
  [{ kind: 'node-silent', node: 'node-01', gpu: 1 }, /leave --gpu out/],
  [{ kind: 'xid', node: 'node-01', gpu: 1 }, /--code/],
  [{ kind: 'xid', node: 'node-01', gpu: 1, code: 5 }, /XID 5 is not simulated/],
])('a wish that cannot be met is answered in words: %j', async (request, words) => {
  const fleet = new DemoFleet({
    scenario: only('node-01'),
    stateDir: dir,
    gatewayUrl: gateway.url,
    token: null,
    processCommand,
    speed: 1,
    log: silentLog,
  })
  await expect(fleet.switchFault(request, true)).rejects.toThrow(words)
  expect(fleet.faults).toEqual([])
})

test('the control door opens only with its token, and closes behind itself', async () => {
  const fleet = await startFleet(only('node-01'))
  const close = await openControl(fleet, dir)
  const file = join(dir, 'control.json')
  const { port, token } = JSON.parse(readFileSync(file, 'utf8')) as { port: number; token: string }
  const ask = (path: string, key: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { authorization: `Bearer ${key}` } })
  expect((await ask('/status', 'wrong')).status).toBe(401)
  expect(await (await ask('/status', token)).json()).toMatchObject({
    scenario: 'fleet8',
    nodes: [{ name: 'node-01', online: true }],
  })
  const post = (body: unknown) => ask('/faults', token, { method: 'POST', body: JSON.stringify(body) })
  expect((await post({ nonsense: 1 })).status).toBe(400)
  expect((await post({ on: false, fault: { kind: 'gpu-lost', node: 'node-01', gpu: 1 } })).status).toBe(422)
  expect(await (await post({ on: true, fault: { kind: 'thermal-throttle', node: 'node-01', gpu: 2 } })).json()).toEqual(
    { message: 'thermal-throttle on node-01 GPU 2 is on.' },
  )
  expect(fleet.faults).toHaveLength(1)
  close()
  expect(existsSync(file)).toBe(false)
})

test('a join token that is not valid is told once for all nodes, and nothing waits for them', async () => {
  const fleet = await startFleet(fleet8, 'cw_wrong_token')
  expect(fleet.hopeless).toBe('The join token is not valid.')
  expect(fleet.status().every((node) => !node.online && node.problem !== null)).toBe(true)
})

test('a node whose identity the gateway does not know joins anew, once', async () => {
  const before = await startFleet(only('node-01'))
  await stopFleet(before)
  gateway.turnAway = { code: 'unproven', message: 'The key does not fit.', fatal: true }
  const after = new DemoFleet({
    scenario: only('node-01'),
    stateDir: dir,
    gatewayUrl: gateway.url,
    token: TOKEN,
    processCommand,
    speed: 1,
    log: silentLog,
  })
  running.push(after)
  after.start()
  await until('the second identity', () => gateway.keys.size === 2)
  await until('the fleet to give up', () => after.hopeless !== null)
  expect(after.hopeless).toBe('The key does not fit.')
  expect(gateway.keys.size).toBe(2)
})
