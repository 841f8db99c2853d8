import { chmod, rm, writeFile } from 'node:fs/promises'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/agent-log'
import { ContainerRuntime } from '../../src/runtime/container/container-runtime'
import { connectEngine, type Engine } from '../../src/runtime/container/engine'
import type { ReplicaKey } from '../../src/runtime/runtime'
import { replicaName } from '../../src/runtime/shared/observed'
import { Followed, newKey, newSpec, tempDir } from './support'

/** The way of a GPU into a container, with GPUs that are only a device node, a variable and an nvidia-smi that answers. */
const IMAGE = process.env['CLAWBERNETES_TEST_IMAGE'] ?? 'localhost/bb:1'
const OWNER = `test-gpu-${process.pid}`
const CDI_FOLDER = '/etc/cdi'
const SPEC_FILE = path.join(CDI_FOLDER, `clawbernetes-test-${process.pid}.json`)
const UUIDS = {
  smi: `GPU-test-smi-${process.pid}`,
  nodes: `GPU-test-nodes-${process.pid}`,
  indexed: `GPU-test-index-${process.pid}`,
}
const INDEX = 90_000 + (process.pid % 10_000)

let folder: string
const runtimes: ContainerRuntime[] = []
const started: { runtime: ContainerRuntime; key: ReplicaKey }[] = []

const connect = async (variable: string, socket: string) => {
  const engine = await connectEngine((process.env[variable] ?? socket).replace(/^unix:\/\//, ''))
  const image =
    engine &&
    (await engine.docker
      .getImage(IMAGE)
      .inspect()
      .catch(() => null))
  return image ? engine : null
}
const docker = await connect('CLAWBERNETES_TEST_DOCKER', '/var/run/docker.sock')
const podman = await connect('CLAWBERNETES_TEST_PODMAN', '/run/podman/podman.sock')
const oldDocker = docker && docker.major < 25 && (await acceptsNvidiaRequest(docker)) ? docker : null
const cdiWritable = podman !== null && mayWrite(CDI_FOLDER)

beforeAll(async () => {
  folder = await tempDir()
})

afterAll(async () => {
  for (const { runtime, key } of started) {
    await runtime.stop(key, { signal: 'SIGTERM', graceMs: 0 })
    await runtime.remove(key)
  }
  for (const runtime of runtimes) runtime.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

const run = async (engine: Engine, over: Partial<ReplicaSpec>) => {
  const runtime = new ContainerRuntime({ engine, stateDir: folder, owner: OWNER, address: null, log: silentLog })
  runtimes.push(runtime)
  const key = newKey()
  started.push({ runtime, key })
  return new Followed(runtime, key).start(
    newSpec({ runtime: 'container', image: IMAGE, command: ['sleep', '300'], ...over }),
  )
}

/** A program run in a container later does not get what its devices brought into the environment; its first process does. */
const FIRST_ENV = 'value() { tr "\\0" "\\n" </proc/1/environ | sed -n "s/^$1=//p"; }'

const script = async (name: string, text: string) => {
  const file = path.join(folder, name)
  await writeFile(file, `#!/bin/sh\n${text}\n`)
  await chmod(file, 0o755)
  return file
}

if (!oldDocker)
  console.log('the GPU request of Docker before 25: skipped, no such engine with an NVIDIA hook answers here')
describe.skipIf(!oldDocker)('a GPU by the request of Docker before 25', { timeout: 120_000 }, () => {
  it('is verified when nvidia-smi in the container lists it', async () => {
    const smi = await script(
      'nvidia-smi-docker',
      `${FIRST_ENV}; for u in $(value NVIDIA_VISIBLE_DEVICES | tr , " "); do echo "GPU 0: Fake (UUID: $u)"; done`,
    )
    const mounts = [{ hostPath: smi, containerPath: '/bin/nvidia-smi', readOnly: true }]
    const replica = await run(oldDocker as Engine, { gpuUuids: ['GPU-a', 'GPU-b'], mounts })
    expect(await replica.phase('ready')).toMatchObject({ gpuVerified: true, reason: null })
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
  })

  it('is refused when the container sees another GPU besides', async () => {
    const smi = await script(
      'nvidia-smi-more',
      'echo "GPU 0: Fake (UUID: GPU-a)"; echo "GPU 1: Fake (UUID: GPU-other)"',
    )
    const mounts = [{ hostPath: smi, containerPath: '/bin/nvidia-smi', readOnly: true }]
    const end = await (await run(oldDocker as Engine, { gpuUuids: ['GPU-a'], mounts })).end()
    expect(end).toMatchObject({ phase: 'failed', gpuVerified: false, reason: { code: 'gpu-not-passed' } })
    expect(end.reason?.message).toContain('GPU-other')
  })

  it('is refused loudly, and the container ended, when only the request was accepted', async () => {
    const replica = await run(oldDocker as Engine, { gpuUuids: ['GPU-a'] })
    const end = await replica.end()
    expect(end).toMatchObject({ phase: 'failed', gpuVerified: false, reason: { code: 'gpu-not-passed' } })
    const info = await (oldDocker as Engine).docker.getContainer(replicaName(replica.key)).inspect()
    expect(info.State.Running).toBe(false)
  })
})

if (!cdiWritable)
  console.log('GPUs by CDI in Podman: skipped, Podman does not answer here or /etc/cdi cannot be written')
describe.skipIf(!cdiWritable)('a GPU by CDI in Podman', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const smi = await script('nvidia-smi-podman', `${FIRST_ENV}; echo "GPU 0: Fake (UUID: $(value TEST_GPU))"`)
    const node = (name: string) => ({ path: `/dev/${name}`, type: 'c', major: 1, minor: 3 })
    const withSmi = (uuid: string) => ({
      env: [`TEST_GPU=${uuid}`],
      deviceNodes: [node('nvidia90')],
      mounts: [{ hostPath: smi, containerPath: '/bin/nvidia-smi', options: ['ro', 'bind'] }],
    })
    const devices = [
      { name: UUIDS.smi, containerEdits: withSmi(UUIDS.smi) },
      { name: UUIDS.nodes, containerEdits: { deviceNodes: [node('nvidia91')] } },
      { name: String(INDEX), containerEdits: withSmi(UUIDS.indexed) },
    ]
    await writeFile(SPEC_FILE, JSON.stringify({ cdiVersion: '0.5.0', kind: 'nvidia.com/gpu', devices }))
  })
  afterAll(() => rm(SPEC_FILE, { force: true }))

  it('is verified by nvidia-smi in the container', async () => {
    const replica = await run(podman as Engine, {
      gpuUuids: [UUIDS.smi],
      memoryMib: 64,
      pidsMax: 50,
      cpus: 0.5,
      ports: [{ containerPort: 80, hostPort: null }],
      command: ['sh', '-c', 'ls /dev; echo "[$NVIDIA_VISIBLE_DEVICES]"; grep NoNewPrivs /proc/self/status; sleep 300'],
    })
    const ready = await replica.phase('ready')
    expect(ready).toMatchObject({ gpuVerified: true, endpoints: [{ containerPort: 80, address: '127.0.0.1' }] })
    expect(ready.endpoints[0]?.hostPort).toBeGreaterThan(0)
    await replica.text('nvidia90')
    await replica.text('[void]')
    expect((await replica.text('NoNewPrivs')).text).toMatch(/1$/)
    const info = await (podman as Engine).docker.getContainer(replicaName(replica.key)).inspect()
    expect(info.HostConfig).toMatchObject({ Memory: 64 * 1024 * 1024, PidsLimit: 50, Privileged: false })
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 5000 })
    expect(await replica.end()).toMatchObject({ phase: 'exited', gpuVerified: true })
  })

  it('is verified by its device node where the image has no nvidia-smi', async () => {
    const replica = await run(podman as Engine, { gpuUuids: [UUIDS.nodes] })
    expect(await replica.phase('ready')).toMatchObject({ gpuVerified: true })
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
  })

  it('is found by the index that the driver gives its UUID', async () => {
    await script('nvidia-smi', `echo "${UUIDS.indexed}, ${INDEX}"`)
    const before = process.env['PATH']
    process.env['PATH'] = `${folder}:${before}`
    try {
      const replica = await run(podman as Engine, { gpuUuids: [UUIDS.indexed] })
      expect(await replica.phase('ready')).toMatchObject({ gpuVerified: true })
      await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
    } finally {
      process.env['PATH'] = before
    }
  })

  it('is refused loudly where the engine drops the request without a word', async () => {
    // Podman 4 ignores the request that Podman 5 understands: the container starts, without the GPU.
    const replica = await run({ ...(podman as Engine), major: 5 }, { gpuUuids: [UUIDS.smi] })
    const end = await replica.end()
    expect(end).toMatchObject({ phase: 'failed', gpuVerified: false, reason: { code: 'gpu-not-passed' } })
    const info = await (podman as Engine).docker.getContainer(replicaName(replica.key)).inspect()
    expect(info.State.Running).toBe(false)
  })

  it('is missing when no spec offers it', async () => {
    await expect(run(podman as Engine, { gpuUuids: ['GPU-not-here'] })).rejects.toMatchObject({ code: 'gpu-missing' })
    started.pop()
  })
})

function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Debian's Docker takes the request only where it found an NVIDIA hook when it started. */
async function acceptsNvidiaRequest(engine: Engine): Promise<boolean> {
  const request = { Driver: 'nvidia', DeviceIDs: ['probe'], Capabilities: [['gpu']] }
  const container = await engine.docker.createContainer({
    Image: IMAGE,
    Cmd: ['true'],
    HostConfig: { DeviceRequests: [request] },
  })
  try {
    await container.start()
    return true
  } catch {
    return false
  } finally {
    await container.remove({ force: true })
  }
}
