import { type Bell, listen } from '@clawbernetes/db/listen'

export type { Bell }

/**
 * Hears the bells that other processes ring. Heard at most once: `onGap` is called after every reconnect, and whoever
 * acts on bells must also look at the truth in the database from time to time.
 */
export function subscribe(
  databaseUrl: string,
  onBell: (bell: Bell) => void,
  onGap: () => void,
): { ready: Promise<void>; stop(): Promise<void> } {
  return listen(databaseUrl, onBell, onGap)
}
