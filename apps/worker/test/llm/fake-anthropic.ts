import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type Asked, pieces, rawArgs, type Reply } from './script'

type Spoken = Extract<Reply, { words: string }>

/** The Messages API, streamed as named server-sent events. */
export async function writeAnthropic(res: ServerResponse, reply: Spoken, model: string): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (type: string, rest: object) =>
    res.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`)
  const usage = reply && 'usage' in reply && reply.usage ? reply.usage : { input: 100, output: 20 }
  send('message_start', {
    message: {
      id: 'msg_constant',
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: usage.input, output_tokens: 0 },
    },
  })
  let index = 0
  if (reply.words !== '') {
    send('content_block_start', { index, content_block: { type: 'text', text: '' } })
    for (const piece of pieces(reply.words)) {
      send('content_block_delta', { index, delta: { type: 'text_delta', text: piece } })
      if ('gapMs' in reply && reply.gapMs) await pause(reply.gapMs)
    }
    if ('breakOff' in reply) return void res.destroy()
    send('content_block_stop', { index })
    index++
  }
  const calls = 'calls' in reply ? (reply.calls ?? []) : []
  for (const call of calls) {
    send('content_block_start', {
      index,
      content_block: { type: 'tool_use', id: call.id ?? `toolu_${index}`, name: call.name, input: {} },
    })
    for (const piece of pieces(rawArgs(call)))
      send('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: piece } })
    send('content_block_stop', { index })
    index++
  }
  send('message_delta', {
    delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
    usage: { output_tokens: usage.output },
  })
  send('message_stop', {})
  res.end()
}

type Part = { type: string; text?: string; content?: string | Part[] }

export function readAnthropic(body: Record<string, unknown>): Pick<Asked, 'system' | 'messages' | 'tools'> {
  const messages = (body.messages as { role: string; content: string | Part[] }[]).flatMap((m) => {
    if (typeof m.content === 'string') return [{ role: m.role, text: m.content }]
    const results = m.content.filter((p) => p.type === 'tool_result')
    const words = m.content.filter((p) => p.type === 'text').map((p) => p.text ?? '')
    return [
      ...results.map((p) => ({ role: 'tool', text: textOf(p.content) })),
      ...(words.length > 0 || results.length === 0 ? [{ role: m.role, text: words.join('') }] : []),
    ]
  })
  return {
    system: textOf(body.system as string | Part[]),
    messages,
    tools: ((body.tools ?? []) as { name: string }[]).map((t) => t.name),
  }
}

const textOf = (content: string | Part[] | undefined): string =>
  typeof content === 'string' ? content : (content ?? []).map((p) => p.text ?? '').join('')
