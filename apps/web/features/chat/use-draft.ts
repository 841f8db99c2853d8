'use client'
import { useEffect, useRef, useState } from 'react'

const MAX_ROWS_PX = 200
const draftKey = (threadId: string | null): string => `cb.draft.${threadId ?? 'new'}`

function readDraft(threadId: string | null): string {
  try {
    return localStorage.getItem(draftKey(threadId)) ?? ''
  } catch {
    return ''
  }
}

function writeDraft(threadId: string | null, text: string): void {
  try {
    if (text) localStorage.setItem(draftKey(threadId), text)
    else localStorage.removeItem(draftKey(threadId))
  } catch {
    // A browser without storage keeps the draft for as long as the page lives.
  }
}

/** The words in the composer, kept for each conversation across reloads, and a field that grows with them. */
export function useDraft(threadId: string | null, seed: string | null, onSeedTaken: () => void) {
  const [text, setText] = useState(() => seed ?? readDraft(threadId))
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    writeDraft(threadId, text)
    onSeedTaken()
  }, [threadId, text, onSeedTaken])
  useEffect(() => {
    const box = area.current
    if (!box) return
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight, MAX_ROWS_PX)}px`
  }, [text])
  return { text, setText, area }
}
