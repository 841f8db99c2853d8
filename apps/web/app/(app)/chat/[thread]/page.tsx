import type { Metadata } from 'next'
import { ChatPage } from '@/features/chat/chat-page'

export const metadata: Metadata = { title: 'Chat' }

/** The conversation's id is read from the address in the browser, where it may change without a new page. */
export default function Chat() {
  return <ChatPage />
}
