import type { Refusal } from '@clawbernetes/protocol/node/session'
import { ServiceError } from '@clawbernetes/services/errors'

/** Reasons after which trying again is no help until a person acts. */
const FATAL = new Set(['unproven', 'incompatible', 'not-found'])

/** A verb's refusal in the words of the node's wire; null for a failure of ours, which the node should sit out. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof ServiceError)) return null
  const code = typeof error.data.reason === 'string' ? error.data.reason : error.code
  return { code, message: error.message, fatal: FATAL.has(code) }
}

export const malformed = (what: string): Refusal => ({
  code: 'malformed',
  message: `The message "${what}" does not have the form that this protocol asks for. Nothing was changed.`,
  fatal: false,
})
export const RATE_LIMITED: Refusal = {
  code: 'rate-limited',
  message: 'Too many messages. Wait a moment and send again.',
  fatal: false,
}
export const UNAVAILABLE: Refusal = {
  code: 'unavailable',
  message: 'The control plane cannot store anything at the moment. Try again.',
  fatal: false,
}
