import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { quoteAsData } from '@clawbernetes/domain/chat/quote-untrusted'
import { redactSecrets } from '@clawbernetes/domain/chat/redact-secrets'
import type { ClaimedRun, HistoryMessage } from '@clawbernetes/services/chat/claim-run'

const EARLIER_CHARS = 4000

/** The talk so far from our rows, and the message to answer. Ids are ours: providers' ids would overwrite each other. */
export function historyMessages(run: ClaimedRun, nonce: string): BaseMessage[] {
  const earlier = run.history.filter((m) => m.text.trim() !== '').map((m, i) => earlierMessage(m, i, nonce))
  return [...earlier, new HumanMessage({ id: `${run.id}-asked`, content: redactSecrets(run.message?.text ?? '') })]
}

function earlierMessage(message: HistoryMessage, index: number, nonce: string): BaseMessage {
  const id = `earlier-${index}`
  const text = redactSecrets(message.text.slice(0, EARLIER_CHARS))
  if (message.role === 'user') return new HumanMessage({ id, content: text })
  // An answer written after reading a log may repeat what the log said.
  const content = message.untrusted.length > 0 ? quoteAsData(nonce, 'an earlier answer', text, EARLIER_CHARS) : text
  return new AIMessage({ id, content })
}

const PASTED = /```[\s\S]+?```/
const PASTED_LINES = 10

/** What the model will have read from machines or strangers before it makes its first call. */
export function untrustedBefore(run: ClaimedRun): string[] {
  const earlier = run.history.flatMap((m) => m.untrusted.map((source) => EARLIER + source.replace(EARLIER, '')))
  const text = run.message?.text ?? ''
  const pasted = PASTED.test(text) || text.split('\n').length > PASTED_LINES
  const talk = run.history.some(
    (m) => m.role === 'user' && (PASTED.test(m.text) || m.text.split('\n').length > PASTED_LINES),
  )
  return [...new Set([...earlier, ...(pasted || talk ? ['text pasted into the conversation'] : [])])]
}

const EARLIER = 'earlier in this conversation: '
