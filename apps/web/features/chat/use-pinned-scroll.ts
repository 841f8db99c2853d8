'use client'
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

const NEAR_BOTTOM_PX = 24

/**
 * Follows new content only while the reader is at the bottom; the first scroll up unpins, at once and without animation.
 * `unseen` counts the items that arrived meanwhile.
 */
export function usePinnedScroll(itemCount: number): {
  scrollRef: RefObject<HTMLDivElement | null>
  contentRef: RefObject<HTMLDivElement | null>
  unseen: number
  toBottom: () => void
} {
  const scrollRef = useRef<HTMLDivElement>(null)
  const contentRef = useRef<HTMLDivElement>(null)
  const pinned = useRef(true)
  const [seenCount, setSeenCount] = useState(itemCount)
  const [isPinned, setIsPinned] = useState(true)

  const toBottom = useCallback(() => {
    const box = scrollRef.current
    if (!box) return
    pinned.current = true
    setIsPinned(true)
    box.scrollTop = box.scrollHeight
  }, [])

  useEffect(() => {
    const box = scrollRef.current
    const content = contentRef.current
    if (!box || !content) return
    let lastTop = box.scrollTop
    const onScroll = () => {
      const atBottom = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM_PX
      // Content that grew below has moved nobody: only the reader's own way up lets go of the end.
      const wentUp = box.scrollTop < lastTop - 1
      lastTop = box.scrollTop
      if (!atBottom && !wentUp) return
      pinned.current = atBottom
      setIsPinned(atBottom)
    }
    const observer = new ResizeObserver(() => {
      if (pinned.current) box.scrollTop = box.scrollHeight
    })
    observer.observe(content)
    observer.observe(box)
    box.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', onScroll)
    }
  }, [])

  if (isPinned && seenCount !== itemCount) setSeenCount(itemCount)
  return { scrollRef, contentRef, unseen: isPinned ? 0 : Math.max(0, itemCount - seenCount), toBottom }
}
