import type { Metadata } from 'next'
import { ChatPage } from '@/features/chat/chat-page'

export const metadata: Metadata = { title: 'Chat' }

export default async function Chat({ params }: { params: Promise<{ thread: string }> }) {
  const { thread } = await params
  return <ChatPage threadId={thread} />
}
