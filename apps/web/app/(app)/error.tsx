'use client'
import { type Crash, CrashNotice } from '@/features/shell/crash-notice'

/** A page broke: what stands around it, the chat above all, goes on. */
export default function CrashedPage(crash: Crash) {
  return (
    <div className="mx-auto grid min-h-[60dvh] max-w-md content-center gap-3 p-6">
      <CrashNotice {...crash} />
    </div>
  )
}
