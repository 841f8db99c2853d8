import type { MessageView, ThreadView, ToolCallView } from '@clawbernetes/protocol/views/chat'

/** A conversation as this page holds it: what `chat.read` answers. */
export type ThreadPage = {
  thread: ThreadView
  messages: MessageView[]
  activeRun: { id: string; toolCalls: ToolCallView[] } | null
  more: boolean
}

type News = { message?: MessageView; toolCall?: ToolCallView & { runId: string } }

/**
 * Puts what an event brought into the page that is held. null: it does not fit without asking the server (something in
 * between is missing), so a fresh read is needed. What is older than what is shown changes nothing.
 */
export function withNews(page: ThreadPage, news: News): ThreadPage | null {
  if (news.message) return withMessage(page, news.message)
  if (news.toolCall) return withToolCall(page, news.toolCall)
  return null
}

function withMessage(page: ThreadPage, message: MessageView): ThreadPage | null {
  const at = page.messages.findIndex((known) => known.id === message.id)
  const known = page.messages[at]
  if (known) {
    if (known.version > message.version) return page
    const messages = page.messages.with(at, message)
    return { ...page, messages, activeRun: runAfter(page.activeRun, message) }
  }
  const lastSeq = page.messages.at(-1)?.seq ?? 0
  if (message.seq !== lastSeq + 1) return message.seq <= lastSeq ? page : null
  return { ...page, messages: [...page.messages, message], activeRun: runAfter(page.activeRun, message) }
}

/** The answer ends the run that wrote it; which run goes next, if any, the next read or event says. */
function runAfter(run: ThreadPage['activeRun'], message: MessageView): ThreadPage['activeRun'] {
  return run !== null && message.runId === run.id && message.state !== 'streaming' ? null : run
}

function withToolCall(page: ThreadPage, { runId, ...call }: ToolCallView & { runId: string }): ThreadPage | null {
  if (page.messages.some((message) => message.runId === runId && message.state !== 'streaming')) return page
  const toolCalls = page.activeRun?.id === runId ? page.activeRun.toolCalls : []
  if (page.activeRun !== null && page.activeRun.id !== runId) return null
  const others = toolCalls.filter((known) => known.id !== call.id)
  return {
    ...page,
    activeRun: { id: runId, toolCalls: [...others, call].sort((a, b) => a.ordinal - b.ordinal) },
    messages: page.messages.map((message) =>
      message.runId === runId && message.state === 'streaming' ? { ...message, toolCalls: [...others, call] } : message,
    ),
  }
}

/**
 * A fresh read meets what events have brought since it was asked for: the newer of each wins, and a message that came
 * after the read is kept.
 */
export function newerPage(known: ThreadPage | undefined, read: ThreadPage): ThreadPage {
  if (!known || known.thread.id !== read.thread.id) return read
  const lastSeq = read.messages.at(-1)?.seq ?? 0
  const merged = read.messages.map((message) => {
    const held = known.messages.find((other) => other.id === message.id)
    return held && held.version > message.version ? held : message
  })
  const later = known.messages.filter((message) => message.seq > lastSeq)
  const answered = [...merged, ...later].some(
    (message) => message.runId !== null && message.runId === read.activeRun?.id && message.state !== 'streaming',
  )
  return { ...read, messages: [...merged, ...later], activeRun: answered ? null : read.activeRun }
}
