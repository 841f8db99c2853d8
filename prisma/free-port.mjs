// A port for a server that another process will open a moment later.
import { randomInt } from 'node:crypto'
import net from 'node:net'

/**
 * Below the range from which Linux (32768-60999) and macOS (49152-65535) take the near ends of outgoing connections and
 * the ports of servers that asked for any: one of those would often be taken again before the server opens it.
 */
const FIRST = 15_000
const AFTER_LAST = 32_000
const TRIES = 50

/** A port that nothing on this machine listened on, at any address, just now. */
export async function freePort() {
  for (let left = TRIES; left > 0; left--) {
    const port = randomInt(FIRST, AFTER_LAST)
    if (await canListen(port)) return port
  }
  throw new Error(`No free port between ${FIRST} and ${AFTER_LAST} in ${TRIES} tries.`)
}

function canListen(port) {
  return new Promise((resolve) => {
    const server = net.createServer().once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
