import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type HealthVerdict, watchHttpHealth } from './http-health'

const check = {
  kind: 'http',
  port: 1,
  path: '/health',
  intervalMs: 250,
  timeoutMs: 200,
  failures: 2,
  startPeriodMs: 0,
} as const
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

async function serve(answer: (response: http.ServerResponse) => void) {
  const server = http.createServer((_, response) => answer(response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

async function verdicts(
  over: Partial<typeof check | { startPeriodMs: number }>,
  target: Parameters<typeof watchHttpHealth>[1],
  count: number,
) {
  const seen: HealthVerdict[] = []
  cleanups.push(watchHttpHealth({ ...check, ...over }, target, Date.now(), (verdict) => seen.push(verdict)))
  const deadline = Date.now() + 10_000
  while (seen.length < count && Date.now() < deadline) await sleep(20)
  return seen
}

describe('asking for health over HTTP', () => {
  it('is ready with the first good answer, and not after two misses in a row', async () => {
    let status = 200
    const at = await serve((response) => response.writeHead(status).end())
    const watching = verdicts({}, () => at, 3)
    await sleep(50)
    status = 503
    const back = setTimeout(() => {
      status = 204
    }, 1500)
    cleanups.push(() => clearTimeout(back))
    expect(await watching).toEqual([
      { ready: true, problem: null },
      { ready: false, problem: 'GET /health answered 503' },
      { ready: true, problem: null },
    ])
  })

  it('says when nothing listens and when nothing answers in time', async () => {
    expect(await verdicts({}, () => ({ host: '127.0.0.1', port: 9 }), 1)).toEqual([
      { ready: false, problem: 'GET /health failed: ECONNREFUSED' },
    ])
    const mute = await serve(() => {})
    expect(await verdicts({}, () => mute, 1)).toEqual([
      { ready: false, problem: 'GET /health gave no answer within 200 ms' },
    ])
  })

  it('does not count misses of the start period', async () => {
    const startedAtMs = Date.now()
    const seen = await verdicts({ startPeriodMs: 800 }, () => ({ host: '127.0.0.1', port: 9 }), 1)
    expect(seen).toHaveLength(1)
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(800)
  })
})
