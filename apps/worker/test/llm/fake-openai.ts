import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type Asked, pieces, rawArgs, type Reply } from './script'

type Spoken = Extract<Reply, { words: string }>

/** Chat completions, streamed as server-sent events. The id is the same for ever, as some servers send it. */
export async function writeOpenAi(res: ServerResponse, reply: Spoken, model: string): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (choices: unknown[], rest: object = {}) =>
    res.write(
      `data: ${JSON.stringify({ id: 'chatcmpl-constant', object: 'chat.completion.chunk', created: 1, model, choices, ...rest })}\n\n`,
    )
  const delta = (d: object, finish: string | null = null) => send([{ index: 0, delta: d, finish_reason: finish }])
  delta({ role: 'assistant', content: '' })
  for (const piece of pieces(reply.words)) {
    delta({ content: piece })
    if ('gapMs' in reply && reply.gapMs) await pause(reply.gapMs)
  }
  if ('breakOff' in reply) return void res.destroy()
  const calls = reply.calls ?? []
  for (const [index, call] of calls.entries()) {
    delta({
      tool_calls: [
        { index, id: call.id ?? `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } },
      ],
    })
    for (const piece of pieces(rawArgs(call))) delta({ tool_calls: [{ index, function: { arguments: piece } }] })
  }
  delta({}, calls.length > 0 ? 'tool_calls' : 'stop')
  const usage = reply.usage === undefined ? { input: 100, output: 20 } : reply.usage
  if (usage)
    send([], {
      usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output },
    })
  res.end('data: [DONE]\n\n')
}

interface OpenAiMessage {
  role: string
  content: string | { text?: string }[] | null
}

export function readOpenAi(body: Record<string, unknown>): Pick<Asked, 'system' | 'messages' | 'tools'> {
  const all = (body.messages as OpenAiMessage[]).map((m) => ({ role: m.role, text: textOf(m.content) }))
  return {
    system: all
      .filter((m) => m.role === 'system')
      .map((m) => m.text)
      .join('\n'),
    messages: all.filter((m) => m.role !== 'system'),
    tools: ((body.tools ?? []) as { function: { name: string } }[]).map((t) => t.function.name),
  }
}

const textOf = (content: OpenAiMessage['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('')
