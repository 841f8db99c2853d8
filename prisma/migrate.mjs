// `prisma migrate deploy` and `prisma generate` through the stock CLI, without npx between.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Logger, runMigrations } from 'graphile-worker'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * Applies the migrations that the database at `databaseUrl` lacks, creating the database if needed.
 * Rejects with the CLI's own words when one fails.
 * @param {string} databaseUrl
 * @returns {Promise<string>} what the CLI printed
 */
export async function migrateDeploy(databaseUrl) {
  const printed = await prismaCli(['migrate', 'deploy'], { DATABASE_URL: databaseUrl })
  await migrateQueue(databaseUrl)
  return printed
}

/** The job queue keeps its tables in a schema of its own, with its own migrations; some milliseconds when none is new. */
export async function migrateQueue(databaseUrl) {
  await runMigrations({ connectionString: databaseUrl, logger: new Logger(() => () => {}) })
}

/** Writes the typed client to src/generated. */
export function generateClient() {
  return prismaCli(['generate'], {})
}

function prismaCli(args, env) {
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js')
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cli, ...args, '--config', 'prisma.config.ts'],
      {
        cwd: here,
        env: { ...process.env, CI: '1', NO_COLOR: '1', ...env },
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`prisma ${args.join(' ')} failed:\n${`${stdout}\n${stderr}`.trim()}`))
        else resolve(stdout)
      },
    )
  })
}
