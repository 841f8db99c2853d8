// Talks to the demo fleet that `npm start` runs: `npm run demo -- status`, `npm run demo -- fault on …`.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMain } from './lib/is-main.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const USAGE = `Usage: npm run demo -- <command>

  status                                     nodes of the demo fleet and the faults that are on
  fault list                                 faults that can be switched, and those that are on
  fault on  <kind> --node NODE [--gpu N] [--code XID]
  fault off <kind> --node NODE [--gpu N] [--code XID]
  reset                                      every fault off, every counter back at the beginning

For example: npm run demo -- fault on thermal-throttle --node node-01 --gpu 2`

const REQUEST_TIMEOUT_MS = 30_000

/** Something to tell the person who typed; `usage` shows how to type it. */
class DemoError extends Error {
  constructor(message, { usage = false } = {}) {
    super(message)
    this.usage = usage
  }
}

/**
 * Runs one command; resolves to the text to print.
 * @param {string[]} argv
 * @param {{ stateDir: string }} where
 */
export async function demo(argv, { stateDir }) {
  const { words, options } = parse(argv)
  if (options.help || words.length === 0) return USAGE
  const [command, ...rest] = words
  const ask = asker(options['state-dir'] ? path.resolve(options['state-dir']) : stateDir)
  if (command === 'status' && rest.length === 0) return statusText(await ask('GET', '/status'))
  if (command === 'reset' && rest.length === 0) return (await ask('POST', '/reset')).message
  if (command === 'fault') return fault(rest, options, ask)
  throw new DemoError(`There is no command "${words.join(' ')}".`, { usage: true })
}

function parse(argv) {
  const options = {
    node: { type: 'string' },
    gpu: { type: 'string' },
    code: { type: 'string' },
    'state-dir': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  }
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
    return { words: positionals, options: values }
  } catch (error) {
    throw new DemoError(error.message, { usage: true })
  }
}

async function fault([verb, kind, ...more], options, ask) {
  if (verb === 'list' && kind === undefined) return faultsText(await ask('GET', '/faults'))
  if (verb !== 'on' && verb !== 'off') {
    throw new DemoError(`After "fault" comes list, on or off, not "${verb ?? ''}".`, { usage: true })
  }
  if (kind === undefined || more.length > 0)
    throw new DemoError(`Name one fault: fault ${verb} <kind>.`, { usage: true })
  const request = { kind, node: options.node, gpu: whole(options, 'gpu'), code: whole(options, 'code') }
  return (await ask('POST', '/faults', { on: verb === 'on', fault: request })).message
}

function whole(options, name) {
  if (options[name] === undefined) return undefined
  const value = Number(options[name])
  if (!Number.isInteger(value) || value < 0)
    throw new DemoError(`--${name} takes a whole number, not "${options[name]}".`)
  return value
}

const NOT_RUNNING = 'The demo fleet is not running. Start it with npm start.'

function asker(stateDir) {
  return async (method, route, body) => {
    const { port, token } = await door(stateDir)
    let response
    try {
      response = await fetch(`http://127.0.0.1:${port}${route}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      })
    } catch (error) {
      if (error.name === 'TimeoutError') throw new DemoError('The demo fleet does not answer.')
      throw new DemoError(NOT_RUNNING)
    }
    const answer = await response.json().catch(() => null)
    if (response.ok && answer) return answer
    throw new DemoError(answer?.error ?? `The demo fleet answered ${response.status}.`)
  }
}

async function door(stateDir) {
  try {
    return JSON.parse(await readFile(path.join(stateDir, 'control.json'), 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) throw new DemoError(NOT_RUNNING)
    throw new DemoError(`The demo fleet's folder cannot be read: ${error.message}`)
  }
}

function statusText({ scenario, nodes, faults }) {
  const shown = nodes.length > 40 ? nodes.filter((node) => !node.online || node.problem) : nodes
  const rows = shown.map((node) => [
    node.name,
    `${node.gpus} GPUs`,
    node.online ? 'connected' : node.powered ? 'not connected' : 'off',
    node.workloads === 1 ? '1 process' : `${node.workloads} processes`,
    node.problem ?? '',
  ])
  const online = nodes.filter((node) => node.online).length
  return [`${scenario}: ${online} of ${nodes.length} nodes connected`, ...table(rows), '', ...onText(faults)].join('\n')
}

function faultsText({ kinds, faults }) {
  const rows = Object.entries(kinds).map(([kind, { target, text }]) => [
    kind,
    target === 'gpu' ? (kind === 'xid' ? '--node --gpu --code' : '--node --gpu') : '--node',
    text,
  ])
  return [...table(rows), '', ...onText(faults)].join('\n')
}

function onText(faults) {
  if (faults.length === 0) return ['No fault is on.']
  const rows = faults.map((one) => [
    one.kind,
    one.node,
    one.gpu === null ? '' : `GPU ${one.gpu}`,
    one.code === null ? '' : `code ${one.code}`,
    `since ${new Date(one.sinceMs).toISOString().replace('T', ' ').slice(0, 19)} UTC`,
  ])
  return ['Faults that are on:', ...table(rows)]
}

function table(rows) {
  const widths = rows.reduce((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), [])
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd())
}

if (isMain(import.meta.url)) {
  const dataDir = process.env.CLAWBERNETES_DATA_DIR ?? path.join(root, '.data')
  try {
    process.stdout.write(`${await demo(process.argv.slice(2), { stateDir: path.join(dataDir, 'demo') })}\n`)
  } catch (error) {
    if (!(error instanceof DemoError)) throw error
    process.stderr.write(`${error.message}\n${error.usage ? `\n${USAGE}\n` : ''}`)
    process.exit(error.usage ? 2 : 1)
  }
}
