import { randomUUID } from 'node:crypto'
import { blockText } from '../block-text'
import { type CommandContext, printJson } from '../command-context'
import { eventStream } from '../event-stream'
import { ClawError, EXIT, type ExitCode } from '../exit-codes'
import { nextSteps, planCard } from '../plan-card'
import { plain } from '../terminal'
import type { MessageAnswer, Page, PlanAnswer } from '../views'

export interface ChatOptions {
  thread?: string
  json?: boolean
}

/** Sends a message, prints the answer as it is written, then its results and the cards of its plans. */
export async function chat(context: CommandContext, text: string, options: ChatOptions): Promise<ExitCode> {
  const api = context.api()
  const path = options.thread ? `/threads/${encodeURIComponent(options.thread)}` : null
  const before = path ? await lastSeq(context, path) : 0
  const sent = await api.post<{ threadId: string }>(
    path ? `${path}/messages` : '/threads',
    { text },
    // A lost answer is asked for again with the same key by whoever wraps this command; one send is one message.
    { 'idempotency-key': randomUUID() },
  )
  const writer = new AnswerWriter(context, options.json ?? false)
  const response = await api.open(`/threads/${sent.threadId}/events`, { after: before, until: 'idle' })
  let idle = false
  for await (const { event, data } of eventStream(response)) {
    if (event === 'delta') writer.words(data as { messageId: string; text: string; at: number })
    if (event === 'message') writer.message(data as MessageAnswer)
    if (event === 'idle') idle = true
  }
  if (!idle)
    throw new ClawError(
      EXIT.unreachable,
      `The connection ended before the answer. Read it with: claw threads ${sent.threadId}`,
    )
  return finish(context, sent.threadId, writer.answers, options)
}

async function lastSeq(context: CommandContext, path: string): Promise<number> {
  const { items } = await context.api().get<Page<MessageAnswer>>(`${path}/messages`, { limit: 1 })
  return items.at(-1)?.seq ?? 0
}

/** Prints words once, in order, whether they come in pieces or at the end. */
class AnswerWriter {
  readonly answers: MessageAnswer[] = []
  readonly #printed = new Map<string, number>()

  constructor(
    private readonly context: CommandContext,
    private readonly quiet: boolean,
  ) {}

  words({ messageId, text, at }: { messageId: string; text: string; at: number }): void {
    const done = this.#printed.get(messageId) ?? 0
    // A piece that was missed comes with the stored message.
    if (this.quiet || at > done || at + text.length <= done) return
    this.context.output.out(plain(text.slice(done - at)))
    this.#printed.set(messageId, at + text.length)
  }

  message(message: MessageAnswer): void {
    if (message.role !== 'agent') return
    this.answers.push(message)
    if (this.quiet) return
    const done = this.#printed.get(message.id) ?? 0
    const { output } = this.context
    output.out(`${plain(message.text.slice(done))}${message.text ? '\n' : ''}`)
    for (const block of message.blocks) {
      const text = blockText(block, output.width)
      if (text) output.out(`\n${text}`)
    }
    if (message.error) output.err(`${plain(message.error)}\n`)
  }
}

async function finish(
  context: CommandContext,
  threadId: string,
  answers: MessageAnswer[],
  options: ChatOptions,
): Promise<ExitCode> {
  const ids = [
    ...new Set(answers.flatMap((a) => a.blocks).flatMap((b) => (b.type === 'plan' ? [String(b.planId)] : []))),
  ]
  const plans = await Promise.all(ids.map((id) => context.api().get<PlanAnswer>(`/plans/${encodeURIComponent(id)}`)))
  if (options.json) printJson(context.output, { threadId, messages: answers, plans })
  else {
    for (const plan of plans) context.output.out(`\n${planCard(plan)}${nextSteps(plan)}`)
    context.output.out(`\nGo on with: claw chat --thread ${threadId} "…"\n`)
  }
  if (answers.some((a) => a.state === 'failed')) return EXIT.failed
  return plans.some((p) => p.state === 'proposed') ? EXIT.waiting : EXIT.ok
}
