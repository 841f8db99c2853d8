// The embedded Postgres that all tests of a checkout share. Not for data: durability is off.
import { createHash } from 'node:crypto'
import { readFile, statfs } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePostgres } from './embedded.mjs'
import { isAlive } from './embedded/file-lock.mjs'

const CHECKOUT_DIR = fileURLToPath(new URL('..', import.meta.url))
const MEMORY_DIR = '/dev/shm'
const MEMORY_NEEDED_BYTES = 4 * 1024 ** 3

/** Starts it, or finds it running. */
export async function sharedTestServer() {
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: 300 }
  return ensurePostgres({ dataDir: await dataDir(), settings })
}

/** Whether it runs already, so that whoever started it can be the one to stop it. */
export async function isTestServerUp() {
  const file = path.join(await dataDir(), 'cluster/postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  return pid > 0 && isAlive(pid)
}

/** In memory where there is plenty: copying a template creates 600 files, which some disks take a second for. */
async function dataDir() {
  const memory = await statfs(MEMORY_DIR).catch(() => undefined)
  if (!memory || memory.bavail * memory.bsize < MEMORY_NEEDED_BYTES) return path.join(CHECKOUT_DIR, '.data/test-pg')
  const checkout = createHash('sha256').update(CHECKOUT_DIR).digest('hex').slice(0, 12)
  return path.join(MEMORY_DIR, `clawbernetes-test-${process.getuid?.() ?? 'user'}-${checkout}`)
}
