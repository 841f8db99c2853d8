import { setTimeout as pause } from 'node:timers/promises'

/** Looks until it is so; fails with what was waited for, and with what the processes said, after the deadline. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  deadlineMs = 30_000,
  detail: () => string = () => '',
): Promise<void> {
  const end = Date.now() + deadlineMs
  for (;;) {
    if (await isSo().catch(() => false)) return
    if (Date.now() > end) throw new Error(`waited ${deadlineMs / 1000} s in vain until ${what}\n${detail()}`)
    await pause(50)
  }
}
