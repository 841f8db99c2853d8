'use client'
import { type Crash, CrashNotice } from '@/features/shell/crash-notice'

/** Outside of the shell, or when the shell itself broke. */
export default function CrashPage(crash: Crash) {
  return (
    <main className="mx-auto grid min-h-[60dvh] max-w-md content-center gap-3 p-6">
      <CrashNotice {...crash} />
    </main>
  )
}
