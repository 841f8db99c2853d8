import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type Asked, pieces, type Reply } from './script'

type Spoken = Extract<Reply, { words: string }>

/** Ollama's chat, streamed as lines of JSON. Its calls carry no ids. */
export async function writeOllama(res: ServerResponse, reply: Spoken, model: string): Promise<void> {
  res.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const send = (message: object, rest: object = {}) =>
    res.write(
      `${JSON.stringify({ model, created_at: '2026-11-22T00:00:00Z', message: { role: 'assistant', content: '', ...message }, done: false, ...rest })}\n`,
    )
  for (const piece of pieces(reply.words)) {
    send({ content: piece })
    if ('gapMs' in reply && reply.gapMs) await pause(reply.gapMs)
  }
  if ('breakOff' in reply) return void res.destroy()
  const calls = reply.calls ?? []
  if (calls.length > 0)
    send({ tool_calls: calls.map((call) => ({ function: { name: call.name, arguments: call.args } })) })
  const usage = reply.usage === undefined ? { input: 100, output: 20 } : reply.usage
  send(
    {},
    { done: true, done_reason: 'stop', ...(usage ? { prompt_eval_count: usage.input, eval_count: usage.output } : {}) },
  )
  res.end()
}

export function readOllama(body: Record<string, unknown>): Pick<Asked, 'system' | 'messages' | 'tools'> {
  const all = (body.messages as { role: string; content: string }[]).map((m) => ({ role: m.role, text: m.content }))
  return {
    system: all
      .filter((m) => m.role === 'system')
      .map((m) => m.text)
      .join('\n'),
    messages: all.filter((m) => m.role !== 'system'),
    tools: ((body.tools ?? []) as { function: { name: string } }[]).map((t) => t.function.name),
  }
}
