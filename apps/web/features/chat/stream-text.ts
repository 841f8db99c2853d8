/**
 * The text of an answer while it is written. What the server stored is the base; words arrive with the offset where they
 * belong, may arrive twice or overlap after a reload, and may be missing (the socket delivers at most once).
 */
export type StreamedText = {
  text: string /** Words that lie beyond a hole, kept until the hole is filled. */
  beyond: { at: number; text: string }[]
}

export function startText(stored: string): StreamedText {
  return { text: stored, beyond: [] }
}

export function applyDelta(state: StreamedText, delta: { at: number; text: string }): StreamedText {
  const pending = [...state.beyond, delta].sort((a, b) => a.at - b.at)
  let text = state.text
  const beyond: StreamedText['beyond'] = []
  for (const part of pending) {
    if (part.at > text.length) beyond.push(part)
    else if (part.at + part.text.length > text.length) text = text.slice(0, part.at) + part.text
  }
  return { text, beyond }
}

/** A fresh read of the stored message: never takes words away that were already shown. */
export function rebase(state: StreamedText, stored: string): StreamedText {
  const base = stored.length >= state.text.length ? stored : state.text
  return state.beyond.reduce<StreamedText>((merged, part) => applyDelta(merged, part), { text: base, beyond: [] })
}

export function hasHole(state: StreamedText): boolean {
  return state.beyond.length > 0
}

/** What to show: a hole that nothing has filled (words sent before this page was open) is an ellipsis, not silence. */
export function shownText(state: StreamedText): string {
  return [
    state.text,
    ...state.beyond.map((part, index) => (isNextTo(state.beyond[index - 1], part) ? part.text : `… ${part.text}`)),
  ].join('')
}

function isNextTo(before: { at: number; text: string } | undefined, part: { at: number }): boolean {
  return before !== undefined && before.at + before.text.length >= part.at
}
