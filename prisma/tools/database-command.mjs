// `schema-engine cli can-connect-to-database | create-database | drop-database`, as the Prisma CLI calls them.
import pg from 'pg'

const PRISMA_CODE = { '3D000': 'P1003', '28P01': 'P1000', 28000: 'P1010', '42P04': 'P1009' }

/** Runs one sub-command and returns the exit code the native engine would give. */
export async function runDatabaseCommand(command, url) {
  // The CLI skips the first line of stderr.
  process.stderr.write('\n')
  try {
    if (command === 'can-connect-to-database') await withClient(url, async () => {})
    else if (command === 'create-database') await onMaintenanceDatabase(url, 'CREATE')
    else if (command === 'drop-database') await onMaintenanceDatabase(url, 'DROP')
    else throw Object.assign(new Error(`unknown command ${command}`), { prismaCode: 'P0000' })
    return 0
  } catch (error) {
    const fields = { message: error.message, error_code: error.prismaCode ?? PRISMA_CODE[error.code] ?? 'P1001' }
    process.stderr.write(`${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`)
    return 1
  }
}

async function onMaintenanceDatabase(url, verb) {
  const maintenance = new URL(url)
  const database = decodeURIComponent(maintenance.pathname.slice(1))
  maintenance.pathname = '/postgres'
  await withClient(maintenance.href, (client) => client.query(`${verb} DATABASE ${pg.escapeIdentifier(database)}`))
}

async function withClient(connectionString, task) {
  const client = new pg.Client({ connectionString })
  try {
    await client.connect()
    await task(client)
  } finally {
    await client.end().catch(() => {})
  }
}
