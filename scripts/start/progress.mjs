const BEAT_MS = 10_000
const REDRAW_MS = 250

/**
 * Says what is going on: one line per step. On a terminal the running step shows its seconds; elsewhere (a log, CI) every
 * line is final and a long step says every ten seconds that it is still at it.
 * @param {NodeJS.WriteStream} out
 */
export function createProgress(out) {
  const live = Boolean(out.isTTY) && !process.env.CI
  const startedAt = Date.now()

  /**
   * @template T
   * @param {string} label
   * @param {(detail: (text: string) => void) => Promise<T>} work may tell how far it is
   * @returns {Promise<T>}
   */
  async function step(label, work) {
    const from = Date.now()
    let detail = ''
    const line = () => `  ${label}… ${seconds(from)}${detail && `, ${detail}`}`
    if (!live) out.write(`  ${label}…\n`)
    const timer = setInterval(() => out.write(live ? `\r\x1b[K${line()}` : `${line()}\n`), live ? REDRAW_MS : BEAT_MS)
    try {
      const result = await work((text) => {
        detail = text
      })
      clearInterval(timer)
      out.write(`${live ? '\r\x1b[K' : ''}✓ ${label} (${seconds(from)})\n`)
      return result
    } catch (error) {
      clearInterval(timer)
      out.write(`${live ? '\r\x1b[K' : ''}✗ ${label} (${seconds(from)})\n`)
      throw error
    }
  }

  return { step, say: (text) => out.write(`${text}\n`), elapsed: () => seconds(startedAt) }
}

const seconds = (from) => `${((Date.now() - from) / 1000).toFixed(1)} s`
