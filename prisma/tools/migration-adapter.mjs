// @prisma/adapter-pg 7.10.0 is written for queries; the schema engine asks for three things more:
//  1. OID 18 ("char", all over pg_catalog) is refused, so it is presented as a Character column;
//  2. executeScript splits on every `;` and so cuts function bodies apart: the script goes to Postgres whole;
//  3. connectToShadowDb passes { connectionString, database }, where pg lets the string win and the "shadow" would be
//     the main database: only discrete fields are passed here.
import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

const CHAR_OID = 18
const BPCHAR_OID = 1042

/** The discrete connection fields of a Postgres URL; TLS options included. */
export function connectionConfig(url, overrides = {}) {
  const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: url })
  return { host, port, user, password: password ?? undefined, database, ssl, max: 4, ...overrides }
}

export class MigrationPg extends PrismaPg {
  #config
  #shadowUrl

  constructor(config, shadowUrl) {
    super(config)
    this.#config = config
    this.#shadowUrl = shadowUrl
  }

  async connect() {
    return forMigrations(await super.connect())
  }

  async connectToShadowDb() {
    if (this.#shadowUrl) return new MigrationPg(connectionConfig(this.#shadowUrl)).connect()
    const database = `prisma_migrate_shadow_db_${randomUUID()}`
    const { max: _, ...single } = this.#config
    const admin = new pg.Client(single)
    await admin.connect()
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`)
    const adapter = await new MigrationPg({ ...this.#config, database }).connect()
    const dispose = adapter.dispose.bind(adapter)
    adapter.dispose = async () => {
      await dispose()
      await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`)
      await admin.end()
    }
    return adapter
  }
}

function forMigrations(adapter) {
  acceptCharColumns(adapter)
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script)
    } catch (error) {
      adapter.onError(error)
    }
  }
  const startTransaction = adapter.startTransaction.bind(adapter)
  adapter.startTransaction = async (...args) => {
    const transaction = await startTransaction(...args)
    acceptCharColumns(transaction)
    return transaction
  }
  return adapter
}

function acceptCharColumns(queryable) {
  const charColumnsOf = new WeakMap()
  const performIO = queryable.performIO.bind(queryable)
  queryable.performIO = async (query) => {
    const result = await performIO(query)
    const charColumns = []
    result.fields?.forEach((field, index) => {
      if (field.dataTypeID !== CHAR_OID) return
      field.dataTypeID = BPCHAR_OID
      charColumns.push(index)
    })
    charColumnsOf.set(query, charColumns)
    return result
  }
  const queryRaw = queryable.queryRaw.bind(queryable)
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query)
    for (const index of charColumnsOf.get(query) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character
    return result
  }
}
