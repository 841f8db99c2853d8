import type { Block } from '@clawbernetes/protocol/views/blocks'
import { blockParts } from './answer-parts'
import type { ChannelMessage, ChannelPart } from './channel-message'

export interface AnswerPlace {
  baseUrl: string
  nonce: string
  messageId: string
  threadId: string
}

/** An answer of the agent outside the web. Plan cards are messages of their own: here only their button-less neighbours. */
export function answerMessage(
  answer: { text: string; blocks: readonly Block[]; error: string | null; stopped: boolean },
  place: AnswerPlace,
): ChannelMessage {
  const parts: ChannelPart[] = []
  if (answer.text) parts.push({ kind: 'words', text: answer.text })
  answer.blocks.forEach((block, index) => parts.push(...blockParts(block, index, place)))
  if (answer.error) parts.push({ kind: 'plain', text: `◆ ${answer.error}` })
  if (answer.stopped) parts.push({ kind: 'note', text: 'Stopped before the end.' })
  if (parts.length === 0) parts.push({ kind: 'plain', text: 'Done.' })
  return {
    title: null,
    summary: (answer.text || answer.error || 'Clawbernetes answered.').replace(/[*`#]/g, '').slice(0, 300),
    tone: answer.error ? 'bad' : 'quiet',
    parts,
  }
}

/** The same message while the agent is at it: what it has said so far, and what it does. */
export function progressMessage(run: {
  text: string
  tools: readonly { title: string; done: boolean }[]
}): ChannelMessage {
  const doing = run.tools.map((t) => `${t.done ? '✓' : '◐'} ${t.title}`).join('\n')
  return {
    title: null,
    summary: 'Working on it',
    tone: 'busy',
    parts: [
      ...(run.text ? [{ kind: 'words' as const, text: run.text }] : []),
      { kind: 'plain', text: doing || '◐ Working on it' },
      { kind: 'note', text: 'Still working; this message changes until the answer is complete.' },
    ],
  }
}

/** What a person wrote in the web into a thread that is also held here. */
export const elsewhereMessage = (author: string, text: string): ChannelMessage => ({
  title: null,
  summary: `${author} in the web: ${text.slice(0, 200)}`,
  tone: 'quiet',
  parts: [
    { kind: 'note', text: `${author} in the web` },
    { kind: 'plain', text },
  ],
})
