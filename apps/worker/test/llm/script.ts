/** One answer of a fake provider. */
export type Reply =
  | { words: string; calls?: Call[]; usage?: { input: number; output: number } | null; gapMs?: number }
  /** HTTP status with headers, before anything is said. */
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Accepts the request and says nothing until the client goes away. */
  | { silent: true }
  /** Says some words and then cuts the connection. */
  | { words: string; breakOff: true }

export interface Call {
  name: string
  /** An object, or the raw text of the arguments as a broken model would write them. */
  args: Record<string, unknown> | string
  id?: string
}

/** What a provider was asked, in one form for all three. */
export interface Asked {
  path: string
  headers: Record<string, string | string[] | undefined>
  body: Record<string, unknown>
  system: string
  /** Role and text of each message, tool results as role "tool". */
  messages: { role: string; text: string }[]
  tools: string[]
}

/** Decides on the next reply from what was asked; called once per request. */
export type Script = (asked: Asked, nth: number) => Reply

/** Replies in order; the last one is repeated. */
export const inOrder =
  (...replies: Reply[]): Script =>
  (_, nth) =>
    replies[Math.min(nth, replies.length - 1)] ?? { words: '' }

/** Words in pieces, as a model streams them. */
export const pieces = (text: string): string[] => text.match(/.{1,7}/gs) ?? []

export const rawArgs = (call: Call): string => (typeof call.args === 'string' ? call.args : JSON.stringify(call.args))
