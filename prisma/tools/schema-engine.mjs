#!/usr/bin/env node
// Stands in for Prisma's native `schema-engine` executable (PRISMA_SCHEMA_ENGINE_BINARY), so that an install downloads
// nothing outside the npm registry: the same JSON-RPC on stdin and stdout and the same `cli` sub-commands, answered by
// Prisma's own engine compiled to WebAssembly (@prisma/schema-engine-wasm, the version prisma itself names).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { runDatabaseCommand } from './database-command.mjs'
import { connectionConfig, MigrationPg } from './migration-adapter.mjs'

const USER_FACING_ERROR = 4466

const options = parseArguments(process.argv.slice(2))
if (options.version) {
  process.stdout.write('schema-engine-wasm\n')
  process.exit(0)
}
if (options.command) {
  process.exit(await runDatabaseCommand(options.command, options.url))
}
serve()

function parseArguments(argv) {
  const parsed = { version: false, command: undefined, datamodels: [], datasource: {} }
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]
    if (argument === '--version' || argument === '-V') parsed.version = true
    else if (argument === '--datamodels') parsed.datamodels.push(argv[++i])
    else if (argument === '--datasource') parsed.datasource = JSON.parse(argv[++i])
    else if (argument === 'cli') parsed.command = argv[++i]
    else if (argument === '--enabled-preview-features' || argument === '--extension-types') i++
  }
  return {
    ...parsed,
    url: parsed.datasource.url ?? process.env.DATABASE_URL,
    shadowUrl: parsed.datasource.shadowDatabaseUrl ?? process.env.SHADOW_DATABASE_URL,
  }
}

function serve() {
  let engine
  let queue = Promise.resolve()
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const request = JSON.parse(line)
    // Answers to our own `print` notifications carry no method.
    if (!request.method) return
    queue = queue
      .then(async () => {
        engine ??= startEngine()
        await answer(await engine, request)
      })
      .catch((error) => reply({ id: request.id, error: describe(error) }))
  })
  lines.on('close', () => void queue.then(() => process.exit(0)))
}

async function answer(engine, { id, method, params }) {
  const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params)
  // The native engine prints a diff through a request of its own; the CLI waits for exactly that.
  if (method === 'diff' && result?.stdout != null) {
    await reply({ id: `print-${id}`, method: 'print', params: { content: result.stdout } })
    result.stdout = null
  }
  await reply({ id, result: result ?? {} })
}

function describe(error) {
  const known = error !== null && typeof error === 'object' ? error : { message: String(error) }
  return {
    code: USER_FACING_ERROR,
    message: 'An error happened. Check the data field for details.',
    data: {
      is_panic: false,
      message: known.message ?? String(error),
      error_code: known.code ?? known.error_code,
      meta: known.meta ?? null,
    },
  }
}

function reply(body) {
  return new Promise((written) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`, written))
}

async function startEngine() {
  const SchemaEngine = await loadWasm()
  const datamodels = options.datamodels.map((file) => [file, readFileSync(file, 'utf8')])
  const factory = new MigrationPg(connectionConfig(options.url), options.shadowUrl)
  return SchemaEngine.new(
    { datamodels: datamodels.length > 0 ? datamodels : undefined },
    (line) => {
      if (process.env.DEBUG?.includes('schema-engine')) process.stderr.write(`${line}\n`)
    },
    bindMigrationAwareSqlAdapterFactory(factory),
  )
}

// The package's own entry imports the .wasm as a module, which Node does only behind a flag.
async function loadWasm() {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('@prisma/schema-engine-wasm')
  const glue = await import(pathToFileURL(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg')).href)
  const bytes = readFileSync(new URL('./schema_engine_bg.wasm', pathToFileURL(entry)))
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => process.stderr.write(`RuntimeError: ${message}\n`),
  }
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue.SchemaEngine
}
