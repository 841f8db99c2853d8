import { randomBytes, timingSafeEqual } from 'node:crypto'
import { rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod'
import { writeJsonFile } from '../../runtime/shared/json-file'
import { FAULT_KINDS, FaultError, faultRequest } from '../faults/fault'
import type { DemoFleet } from './demo-fleet'

/** Where `npm run demo` finds the running fleet; readable by its owner alone, because it holds the token. */
export const CONTROL_FILE = 'control.json'
const MOST_BYTES = 10_000

const body = z.object({ on: z.boolean(), fault: faultRequest })

/** A door for `npm run demo`, on this machine only, to whoever can read the state folder. */
export async function openControl(fleet: DemoFleet, stateDir: string): Promise<() => void> {
  const token = randomBytes(24).toString('base64url')
  const server = http.createServer((request, response) => {
    answer(fleet, token, request).then(
      ([status, value]) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(value))
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const file = join(stateDir, CONTROL_FILE)
  writeJsonFile(file, { port: (server.address() as AddressInfo).port, token, pid: process.pid })
  server.unref()
  return () => {
    rmSync(file, { force: true })
    server.close()
    server.closeAllConnections()
  }
}

async function answer(fleet: DemoFleet, token: string, request: http.IncomingMessage): Promise<[number, unknown]> {
  if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`))
    return [401, { error: 'The control token is wrong.' }]
  const route = `${request.method} ${request.url}`
  try {
    switch (route) {
      case 'GET /status':
        return [200, { scenario: fleet.options.scenario.name, nodes: fleet.status(), faults: fleet.faults }]
      case 'GET /faults':
        return [200, { kinds: FAULT_KINDS, faults: fleet.faults }]
      case 'POST /faults': {
        const parsed = body.safeParse(await readJson(request))
        if (!parsed.success) return [400, { error: 'The request is not understood.' }]
        return [200, { message: await fleet.switchFault(parsed.data.fault, parsed.data.on) }]
      }
      case 'POST /reset':
        return [200, { message: await fleet.reset() }]
      default:
        return [404, { error: `There is no ${route}.` }]
    }
  } catch (error) {
    if (error instanceof FaultError) return [422, { error: error.message }]
    return [500, { error: error instanceof Error ? error.message : String(error) }]
  }
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MOST_BYTES) return null
  }
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
