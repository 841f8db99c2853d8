'use client'
import { lazy, Suspense } from 'react'
import { whenReachable } from '@/ui/when-reachable'

const Markdown = lazy(whenReachable(() => import('./markdown').then((module) => ({ default: module.Markdown }))))

/** The parser arrives after the conversation is readable; until then the answer stands as plain text in its place. */
export function LazyMarkdown({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <Suspense fallback={<p className="my-1.5 break-words whitespace-pre-wrap">{text}</p>}>
      <Markdown text={text} streaming={streaming} />
    </Suspense>
  )
}
