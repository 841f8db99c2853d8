'use client'
import { Button } from '@/ui/button'
import { useChatDock, type ChatContextChip } from './chat-dock'

/** Hands something on the page to chat: words in the composer and what they are about as chips. The person sends. */
export function AskButton({
  text,
  chips = [],
  label = 'Ask about this',
  size = 'md',
}: {
  text: string
  chips?: ChatContextChip[]
  label?: string
  size?: 'sm' | 'md'
}) {
  const { ask } = useChatDock()
  return (
    <Button size={size} onClick={() => ask(text, chips)}>
      {label}
    </Button>
  )
}
