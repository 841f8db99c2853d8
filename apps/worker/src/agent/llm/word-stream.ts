import { inert } from '@clawbernetes/protocol/text'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import { keepWords, MAX_BELL_CHARS, openMessage, ringWords } from '@clawbernetes/services/chat/stream-message'
import type { SystemCtx } from '@clawbernetes/services/context'

const FLUSH_MS = 40
const KEEP_MS = 1000
/** No answer to a person is longer than this. */
const MAX_CHARS = 40_000

/**
 * The words of an answer while it is written: to whoever looks within 40 ms, to the row once a second. Words of an attempt that
 * failed stay on the screen until the answer is stored; the next attempt writes in silence.
 */
export class WordStream {
  private text = ''
  private rung = 0
  private opened = false
  private silent = false
  private timer: NodeJS.Timeout | null = null
  private keptAt = 0
  private work: Promise<void> = Promise.resolve()

  constructor(
    private readonly sys: SystemCtx,
    private readonly run: ClaimedRun,
    private readonly messageId: string,
    private readonly onLost: (error: unknown) => void,
  ) {}

  /** Where the words of the model call that begins now will start. */
  mark(): number {
    return this.text.length
  }

  push(words: string): void {
    if (words === '' || this.text.length >= MAX_CHARS) return
    this.text += inert(words, MAX_CHARS)
    if (!this.silent) this.timer ??= setTimeout(() => this.flush(), FLUSH_MS)
  }

  /** A paragraph between what was said before a tool call and after it. */
  pause(): void {
    if (this.text !== '' && !this.text.endsWith('\n\n')) this.push('\n\n')
  }

  /** Takes back the words since `mark`: their attempt failed. */
  rewind(mark: number): void {
    if (this.text.length > mark) this.silent = true
    this.text = this.text.slice(0, mark)
    this.rung = Math.min(this.rung, mark)
  }

  /** What was said so far, as it is stored. */
  said(): string {
    return this.text.trim()
  }

  /** Waits until every word that was rung is out. */
  async end(): Promise<void> {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    if (!this.silent && this.text.length > this.rung) this.flush()
    await this.work
  }

  private flush(): void {
    this.timer = null
    const from = this.rung
    const words = this.text.slice(from)
    this.rung = this.text.length
    if (words === '') return
    this.work = this.work.then(() => this.send(words, from)).catch(this.onLost)
  }

  private async send(words: string, from: number): Promise<void> {
    if (!this.opened) {
      await openMessage(this.sys, this.run, this.messageId)
      this.opened = true
    }
    for (let i = 0; i < words.length; i += MAX_BELL_CHARS) {
      const part = { messageId: this.messageId, text: words.slice(i, i + MAX_BELL_CHARS), at: from + i }
      await ringWords(this.sys, this.run, part)
    }
    const now = performance.now()
    if (now - this.keptAt < KEEP_MS) return
    this.keptAt = now
    await keepWords(this.sys, this.messageId, this.text.slice(0, from + words.length))
  }
}
