#!/usr/bin/env node
// Checks the audit log's hash chain, in the database or in an exported file, without the product running.
import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { register } from 'tsx/esm/api'
import { isMain } from './lib/is-main.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const USAGE = `Usage: npm run audit -- verify [--org ID] [--head HASH]
       npm run audit -- verify --file export.jsonl [--head HASH]

Walks every entry and says where the chain breaks. Without --org: every organisation of the database that DATABASE_URL names,
else of the embedded one of this folder. With --file: an export in JSON lines, offline. --head is the hash that an earlier run
printed: a log whose end was cut off or rewritten since does not hold it any more.

Exit code 0: whole. 1: broken. 2: it could not be checked.`

/**
 * @param {string[]} argv
 * @param {(line: string) => void} print
 * @returns {Promise<number>} exit code
 */
export async function audit(argv, print) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      org: { type: 'string' },
      file: { type: 'string' },
      head: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help || positionals.length === 0) {
    print(USAGE)
    return 0
  }
  if (positionals.join(' ') !== 'verify') throw new Error(`There is no command "${positionals.join(' ')}".\n\n${USAGE}`)
  register()
  return values.file ? verifyFile(values.file, values.head, print) : verifyDatabase(values, print)
}

async function verifyFile(file, head, print) {
  const { verifyAuditFile } = await import('@clawbernetes/services/log/audit-file')
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  const report = await verifyAuditFile(lines, head ?? null)
  return tell(report.orgId ?? file, report, print)
}

async function verifyDatabase({ org, head }, print) {
  if (head && !org) throw new Error('--head belongs to one organisation: name it with --org.')
  const { openSystem } = await import('@clawbernetes/services/system-context')
  const { verifyChain } = await import('@clawbernetes/services/log/verify-audit')
  const { chainsOf } = await import('@clawbernetes/services/log/audit-chains')
  const database = await openDatabase()
  const { sys, close } = openSystem(database.url, 2)
  try {
    const chains = await chainsOf(sys, org ?? null)
    if (chains.length === 0) throw new Error(org ? `No organisation ${org} has an audit log.` : 'No audit log yet.')
    let code = 0
    for (const orgId of chains)
      code = Math.max(code, tell(orgId, await verifyChain(sys.db, orgId, head ?? null), print))
    return code
  } finally {
    await close()
    await database.stop()
  }
}

/** The running database is used as it is; an embedded one that is not running is started for the while. */
async function openDatabase() {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} }
  const { ensurePostgres } = await import('@clawbernetes/db/embedded')
  const dataDir = path.join(process.env.CLAWBERNETES_DATA_DIR ?? path.join(root, '.data'), 'postgres')
  if (!existsSync(path.join(dataDir, 'cluster')))
    throw new Error(`There is no database under ${dataDir}. Set DATABASE_URL, or check an export with --file.`)
  const server = await ensurePostgres({ dataDir })
  const url = new URL(server.url)
  url.pathname = '/clawbernetes'
  return { url: url.href, stop: () => (server.started ? server.stop() : Promise.resolve()) }
}

function tell(name, report, print) {
  if (report.brokenAt !== null) {
    print(`${name}: broken at entry ${report.brokenAt}: ${report.why}. ${report.entries} entries before it fit.`)
    return 1
  }
  print(`${name}: whole, ${report.entries} entries. Head: entry ${report.headSeq} ${report.headHash}`)
  return 0
}

if (isMain(import.meta.url)) {
  try {
    process.exitCode = await audit(process.argv.slice(2), (line) => console.log(line))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
