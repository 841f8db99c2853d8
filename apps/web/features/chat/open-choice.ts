import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { MessageView } from '@clawbernetes/protocol/views/chat'

type Choice = Extract<Block, { type: 'choice' }>

/** The first words a person said after a message; null: nobody has, and its question is still open. */
export function nextWordsOf(messages: readonly MessageView[], index: number): string | null {
  return messages.slice(index + 1).find((message) => message.role === 'user')?.text ?? null
}

/** The option that words choose: those it sends or its label, however they are capitalised or ended. */
export function optionOf(options: Choice['options'], words: string | null): Choice['options'][number] | null {
  if (words === null) return null
  const said = bare(words)
  return (
    options.find((option) => bare(option.send) === said) ??
    options.find((option) => bare(option.label) === said) ??
    null
  )
}

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[\s.!?]+$/, '')
    .trim()

/** The newest question that nobody has answered, where its number alone is an answer. */
export function openChoice(
  messages: readonly MessageView[],
): { messageId: string; blockIndex: number; block: Choice } | null {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (!message || message.role === 'user') return null
    const blockIndex = message.blocks.findLastIndex((block) => block.type === 'choice')
    const block = message.blocks[blockIndex]
    if (block?.type === 'choice') return { messageId: message.id, blockIndex, block }
  }
  return null
}
