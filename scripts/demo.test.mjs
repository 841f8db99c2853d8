import { rm } from 'node:fs/promises'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demo } from './demo.mjs'

let stateDir
let server
let asked
let answers

beforeEach(async () => {
  stateDir = mkdtempSync(path.join(tmpdir(), 'demo-cli-'))
  asked = []
  answers = {}
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const route = `${request.method} ${request.url}`
      asked.push({ route, key: request.headers.authorization, body: body ? JSON.parse(body) : null })
      const [status, json] = answers[route] ?? [404, { error: 'no such route' }]
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  writeFileSync(path.join(stateDir, 'control.json'), JSON.stringify({ port: server.address().port, token: 'secret' }))
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(stateDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

const run = (line) => demo(line.split(' ').filter(Boolean), { stateDir })

test('a fault is asked for with its numbers and the key of the fleet', async () => {
  answers['POST /faults'] = [200, { message: 'xid code 79 on node-02 GPU 1 is on.' }]
  expect(await run('fault on xid --node node-02 --gpu 1 --code 79')).toBe('xid code 79 on node-02 GPU 1 is on.')
  expect(asked).toEqual([
    {
      route: 'POST /faults',
      key: 'Bearer secret',
      body: { on: true, fault: { kind: 'xid', node: 'node-02', gpu: 1, code: 79 } },
    },
  ])
})

test('status shows every node and the faults that are on', async () => {
  const nodes = [
    { name: 'node-01', gpus: 4, online: true, powered: true, workloads: 1, problem: null },
    { name: 'node-02', gpus: 8, online: false, powered: false, workloads: 0, problem: null },
  ]
  const faults = [{ kind: 'node-gone', node: 'node-02', gpu: null, code: null, sinceMs: Date.UTC(2026, 0, 2, 3, 4, 5) }]
  answers['GET /status'] = [200, { scenario: 'fleet8', nodes, faults }]
  const text = await run('status')
  expect(text).toContain('fleet8: 1 of 2 nodes connected')
  expect(text).toMatch(/node-01 +4 GPUs +connected +1 process\n/)
  expect(text).toMatch(/node-02 +8 GPUs +off/)
  expect(text).toMatch(/node-gone +node-02 .*since 2026-01-02 03:04:05 UTC/)
})

test('what the fleet refuses is told in its words', async () => {
  answers['POST /faults'] = [422, { error: 'There is no node "node-99" in this fleet.' }]
  await expect(run('fault on gpu-lost --node node-99 --gpu 0')).rejects.toThrow(
    'There is no node "node-99" in this fleet.',
  )
})

test.each([
  ['fault on gpu-lost --gpu two', /--gpu takes a whole number/],
  ['fault maybe gpu-lost', /list, on or off/],
  ['fault on', /Name one fault/],
  ['fly', /no command "fly"/],
  ['status --colour red', /colour/],
])('%s is answered without asking anybody', async (line, words) => {
  await expect(run(line)).rejects.toThrow(words)
  expect(asked).toEqual([])
})

test('a fleet that does not run is one sentence, also when its file is left over', async () => {
  await expect(demo(['status'], { stateDir: '/nonexistent' })).rejects.toThrow(
    'The demo fleet is not running. Start it with npm start.',
  )
  writeFileSync(path.join(stateDir, 'control.json'), JSON.stringify({ port: 1, token: 'old' }))
  await expect(run('reset')).rejects.toThrow('The demo fleet is not running.')
})

test('no word at all shows how to use it', async () => {
  expect(await run('')).toMatch(/^Usage: npm run demo/)
})
