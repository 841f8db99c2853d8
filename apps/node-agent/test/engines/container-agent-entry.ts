import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { silentLog } from '../../src/agent-log'
import { ContainerRuntime } from '../../src/runtime/container/container-runtime'
import { connectEngine } from '../../src/runtime/container/engine'
import type { ReplicaKey } from '../../src/runtime/runtime'

/** As much of an agent as starts one container and says when it begins, for a test that kills it. */
const [stateDir, socketPath, owner, order] = process.argv.slice(2)
const engine = await connectEngine(socketPath ?? '')
if (!stateDir || !owner || !order || !engine)
  throw new Error('state folder, an engine’s socket, owner and order are needed')
const { key, spec } = JSON.parse(order) as { key: ReplicaKey; spec: ReplicaSpec }
const runtime = new ContainerRuntime({ engine, stateDir, owner, address: null, log: silentLog })
process.stdout.write('begin\n')
await runtime.start(key, spec, () => {})
setInterval(() => {}, 1000)
