const FIRST_WAIT_MS = 1000
const TRIES = 5

/** What the bundler's loader throws when a part of the app did not arrive. */
export const isMissingPart = (error: unknown): boolean => error instanceof Error && error.name === 'ChunkLoadError'

/**
 * Loads a part of the app that is not in the first download. Without a connection it waits for one, and its place shows that it
 * loads, instead of taking the whole page down. It gives up on what does not come although the browser is online: after an update of
 * the server the part may be gone for good.
 */
export const whenReachable =
  <T>(load: () => Promise<T>, wait: (attempt: number) => Promise<void> = untilWorthATry): (() => Promise<T>) =>
  async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await load()
      } catch (error) {
        if (!isMissingPart(error) || attempt >= TRIES) throw error
        await wait(attempt)
      }
    }
  }

function untilWorthATry(attempt: number): Promise<void> {
  return new Promise((resolve) => {
    if (!navigator.onLine) window.addEventListener('online', () => resolve(), { once: true })
    else setTimeout(resolve, FIRST_WAIT_MS * 2 ** (attempt - 1))
  })
}
