import { ProcessRuntime } from '../../src/runtime/process/process-runtime'
import type { ReplicaKey } from '../../src/runtime/runtime'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'

/** As much of an agent as starts one replica and says how it goes, for a test that kills it. */
const [stateDir, supervisor, order] = process.argv.slice(2)
if (!stateDir || !supervisor || !order) throw new Error('state folder, supervisor and order are needed')
const { key, spec } = JSON.parse(order) as { key: ReplicaKey; spec: ReplicaSpec }
const runtime = new ProcessRuntime({
  stateDir,
  owner: 'test',
  supervisor: [process.execPath, supervisor],
  address: null,
})
await runtime.start(key, spec, (observed) => process.stdout.write(`${observed.phase}\n`))
setInterval(() => {}, 1000)
