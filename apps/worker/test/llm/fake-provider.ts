import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readAnthropic, writeAnthropic } from './fake-anthropic'
import { readOllama, writeOllama } from './fake-ollama'
import { readOpenAi, writeOpenAi } from './fake-openai'
import type { Asked, Reply, Script } from './script'

export type Wire = 'openai' | 'anthropic' | 'ollama'

export interface FakeProvider {
  /** What goes into the base URL. */
  url: string
  asked: Asked[]
  /** Requests whose client went away before the answer was whole. */
  aborted: number
  play(script: Script): void
  close(): Promise<void>
}

const READ = { openai: readOpenAi, anthropic: readAnthropic, ollama: readOllama }
const WRITE = { openai: writeOpenAi, anthropic: writeAnthropic, ollama: writeOllama }
const PATH = { openai: '/v1/chat/completions', anthropic: '/v1/messages', ollama: '/api/chat' }

/** A provider's HTTP API on a port of its own: real requests, streamed answers, and whatever goes wrong with them. */
export async function fakeProvider(wire: Wire): Promise<FakeProvider> {
  let script: Script = () => ({ words: 'Hello.' })
  const provider: FakeProvider = {
    url: '',
    asked: [],
    aborted: 0,
    play: (next) => {
      script = next
      provider.asked.length = 0
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
  const server = createServer((req, res) => {
    res.on('close', () => {
      if (!res.writableEnded) provider.aborted++
    })
    answer(req, res).catch((error: unknown) => res.writeHead(599).end(String(error)))
  })
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const body = JSON.parse(await text(req)) as Record<string, unknown>
    const { pathname } = new URL(req.url ?? '', 'http://fake')
    if (pathname !== PATH[wire]) return void res.writeHead(404).end('{"error":{"message":"no such path"}}')
    const asked: Asked = { path: pathname, headers: req.headers, body, ...READ[wire](body) }
    provider.asked.push(asked)
    await reply(res, script(asked, provider.asked.length - 1), body, wire)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  provider.url = wire === 'openai' ? `${base}/v1` : base
  return provider
}

async function reply(res: ServerResponse, next: Reply, body: Record<string, unknown>, wire: Wire): Promise<void> {
  if ('silent' in next) return
  if ('status' in next) {
    res.writeHead(next.status, { 'content-type': 'application/json', ...next.headers })
    res.end(next.body ?? JSON.stringify({ error: { message: `status ${next.status}`, type: 'error' } }))
    return
  }
  await WRITE[wire](res, next, String(body.model))
}

async function text(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
