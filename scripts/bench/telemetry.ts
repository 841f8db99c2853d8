import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensurePostgres } from '@clawbernetes/db/embedded'
import { migrateDeploy } from '@clawbernetes/db/migrate'
import { telemetryRows } from '@clawbernetes/worker/bench/telemetry.ts'

/** Ingest and queries at 1,000 × 8 GPUs, on a Postgres of its own with its durability as it comes. */
export async function* rows() {
  const folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-bench-pg-'))
  const server = await ensurePostgres({ dataDir: path.join(folder, 'data') })
  try {
    const databaseUrl = new URL(server.url)
    databaseUrl.pathname = '/telemetry_bench'
    await migrateDeploy(databaseUrl.href)
    yield* telemetryRows({ databaseUrl: databaseUrl.href, quick: process.argv.includes('--quick') })
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
