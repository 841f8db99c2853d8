import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openSystem } from '@clawbernetes/services/system-context'
import { startGateway } from '../src/gateway/start-gateway'
import { makeFleet } from './bench-fleet'
import { databaseCpu, cpuBetween, ownCpuS } from './cpu-clock'
import { testDatabase } from '../../../prisma/src/testing'
import { Session } from 'node:inspector/promises'
import { writeFileSync } from 'node:fs'
const N = Number(process.env.N ?? 300)
const t = await testDatabase()
const { sys, close } = openSystem(t.url, 4)
const fleet = await makeFleet(sys, N, 8)
const g = await startGateway({ port: 0, host: '127.0.0.1', databaseUrl: t.url, log: { info() {}, warn(d, m) { console.error(m, d) } } })
const load = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
const heard: any[] = []
load.on('message', (m: any) => heard.push(m))
const wait = (k: string) => new Promise<any>((r) => { const i = setInterval(() => { const f = heard.find((h) => h.kind === k); if (f) { clearInterval(i); r(f) } }, 200) })
load.send({ port: g.port, ticks: 3, intervalMs: 10000, nodes: fleet.nodes.map(({ id, num, privateKey, inventory }) => ({ id, num, inventory, privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() })) })
await wait('connected')
const prof = process.env.PROF === '1'
const s = new Session(); if (prof) { s.connect(); await s.post('Profiler.enable'); await s.post('Profiler.setSamplingInterval', {interval: 1000}); await s.post('Profiler.start') }
const cu0 = process.cpuUsage()
const b = { o: ownCpuS(), d: await databaseCpu(sys) }
const done = await wait('done')
const a = { o: ownCpuS(), d: await databaseCpu(sys) }
const cu = process.cpuUsage(cu0)
if (prof) { const { profile } = await s.post('Profiler.stop'); writeFileSync('/tmp/gw.cpuprofile', JSON.stringify(profile)) }
console.log('user', cu.user / done.sent, 'sys', cu.system / done.sent)
const v = done.sent * 70
console.log(done, 'own us/sample', ((a.o - b.o) / v * 1e6).toFixed(2), 'per batch', ((a.o - b.o) / done.sent * 1e6).toFixed(0), 'db us/sample', (cpuBetween(b.d, a.d)! / v * 1e6).toFixed(2))
load.kill(); await g.stop(); await close(); await t.drop()
