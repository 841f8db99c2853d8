import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { forwardToGateway } from './forward-to-gateway'

// What keeps this code out of browsers; here it runs as the server runs it.
vi.mock('server-only', () => ({}))

let gateway: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

beforeEach(async () => {
  gateway = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  process.env.GATEWAY_PORT = String((gateway.address() as AddressInfo).port)
})
afterEach(() => {
  gateway.closeAllConnections()
  gateway.close()
})

describe('the forwarder to the gateway', () => {
  it('keeps the body to the byte and the headers of a signature, and leaves the cookie out', async () => {
    const body = Buffer.from('payload=%7B%22a%22%3A1%7D&é=\u0000\r\n')
    let seen: { url?: string; headers: IncomingMessage['headers']; body: Buffer } | null = null
    answer = (request, response) =>
      void bodyOf(request).then((got) => {
        seen = { url: request.url, headers: request.headers, body: got }
        response.writeHead(202, { 'x-door': 'slack' }).end('ok')
      })
    const response = await forwardToGateway(
      new Request('http://web.test/api/slack/events?x=1', {
        method: 'POST',
        body,
        headers: { 'x-slack-signature': 'v0=abc', 'x-slack-request-timestamp': '1', cookie: 'session=secret' },
      }),
    )
    expect([response.status, response.headers.get('x-door'), await response.text()]).toEqual([202, 'slack', 'ok'])
    expect(seen).toMatchObject({ url: '/api/slack/events?x=1', headers: { 'x-slack-signature': 'v0=abc' } })
    expect(seen!.headers.cookie).toBeUndefined()
    expect(seen!.body.equals(body)).toBe(true)
  })

  it('passes events on while the answer is still being written, and hangs up when the reader leaves', async () => {
    let hungUp = () => {}
    const left = new Promise<void>((resolve) => {
      hungUp = resolve
    })
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n')
      response.on('close', () => hungUp())
    }
    const reader = (await forwardToGateway(new Request('http://web.test/api/mcp'))).body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: one\n\n')
    await reader.cancel()
    await left
  })

  it('refuses what is too large and says plainly when nobody answers', async () => {
    answer = (_, response) => response.end()
    const large = await forwardToGateway(
      new Request('http://web.test/api/mcp', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) }),
    )
    expect([large.status, (await large.json()).error.code]).toEqual([413, 'too-large'])
    gateway.closeAllConnections()
    await new Promise((resolve) => gateway.close(resolve))
    const gone = await forwardToGateway(new Request('http://web.test/api/mcp', { method: 'POST', body: '{}' }))
    expect(gone.status).toBe(502)
    expect((await gone.json()).error.message).toContain('try again')
  })
})
