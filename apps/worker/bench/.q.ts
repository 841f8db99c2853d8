import { openSystem } from '@clawbernetes/services/system-context'
import { openTelemetryStore } from '@clawbernetes/services/telemetry/telemetry-store'
import { rollUp } from '@clawbernetes/services/telemetry/roll-up'
import { makeFleet } from './bench-fleet'
import { benchSample } from './bench-samples'
import { fillDay } from './fill-day'
import { queries } from './telemetry'
import { testDatabase } from '../../../prisma/src/testing'
const t = await testDatabase(); const { sys, close } = openSystem(t.url, 4)
let at = performance.now(); const lap = (n: string) => { console.log(n, ((performance.now() - at) / 1000).toFixed(1), 's'); at = performance.now() }
const f = await makeFleet(sys, 1000, 8); lap('fleet')
const store = openTelemetryStore(t.url, sys.now); const T0 = Math.floor(Date.now() / 10000) * 10000 - 3600_000
for (let i = 0; i < 360; i++) await store.store(f.nodes.map((n) => ({ nodeNum: n.num, machineBootId: 'b', gpus: new Map(n.gpus.map((g) => [g.uuid, g])), batch: { seq: i, bootId: 'x', dropped: 0, samples: [benchSample(n, T0 + i * 10_000)] } })))
lap('360 ticks'); await store.close()
try { await fillDay(sys); lap('fill'); console.log(await rollUp({ sys })); lap('roll'); for await (const r of queries(sys, f)) console.log(r.figure, r.value) } catch (e) { console.log('ERR', String(e)) } lap('end')
await close(); await t.drop()
