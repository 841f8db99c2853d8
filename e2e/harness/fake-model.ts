import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface FakeModel {
  url: string
  /** Every request is refused with this status from now on; null: answered again. */
  refuse(status: number | null): void
  close(): Promise<void>
}

interface Asked {
  messages: { role: string }[]
  tools?: { function: { name: string } }[]
}

const WORDS = 'All of this was said by a language model, word for word.'

/** An OpenAI-compatible API on this machine: calls the first tool that wants nothing, then speaks slowly. */
export async function fakeModel(): Promise<FakeModel> {
  let status: number | null = null
  const server = createServer((req, res) => void answer(req, res, status))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    refuse: (next) => {
      status = next
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
}

async function answer(req: IncomingMessage, res: ServerResponse, status: number | null): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  if (status !== null) return void res.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked
  const check = asked.tools?.find((t) => t.function.name === 'read_check_word')
  const called = asked.messages.some((m) => m.role === 'tool')
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (delta: object, finish: string | null) =>
    res.write(
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    )
  send({ role: 'assistant', content: '' }, null)
  if (check && !called)
    send(
      {
        tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: check.function.name, arguments: '{}' } }],
      },
      'tool_calls',
    )
  else {
    for (const word of WORDS.match(/\S+\s*/g) ?? []) {
      send({ content: word }, null)
      await pause(20)
    }
    send({}, 'stop')
  }
  res.end('data: [DONE]\n\n')
}
