import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartFailure } from './failure.mjs'
import { ROOT } from './options.mjs'
import { lastLines, runTool } from './run-tool.mjs'

const LOCK = path.join(ROOT, 'package-lock.json')
const MODULES = path.join(ROOT, 'node_modules')
const NPM_STAMP = path.join(MODULES, '.package-lock.json')
const OUR_STAMP = path.join(MODULES, '.clawbernetes-lock')

/** Whether node_modules is missing or belongs to another lock file. */
export async function needsInstall() {
  const installed = await stat(NPM_STAMP).catch(() => undefined)
  if (!installed) return true
  if ((await readFile(OUR_STAMP, 'utf8').catch(() => '')) === (await lockHash())) return false
  // A checkout gives the lock file a new time; npm's stamp is newer only after an install by hand.
  return installed.mtimeMs < (await stat(LOCK)).mtimeMs
}

/** @param {(text: string) => void} detail @param {AbortSignal} signal */
export async function install(detail, signal) {
  const total = Object.keys(JSON.parse(await readFile(LOCK, 'utf8')).packages).length
  const tell = async () => detail(`${await countInstalled()} of about ${total} packages`)
  const timer = setInterval(() => void tell(), 1000)
  try {
    // NODE_ENV=production would leave the build tools out.
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
    const { file, before } = npmProgram()
    const { status, output } = await runTool(file, [...before, ...args], { signal })
    if (status !== 0) throw installFailure(output)
    await writeFile(OUR_STAMP, await lockHash())
  } finally {
    clearInterval(timer)
  }
}

function installFailure(output) {
  if (/ENOSPC|no space left/i.test(output))
    return new StartFailure('The disk filled up while installing: free 2 GB and start again.')
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(output)
  const reason = offline ? 'the npm registry does not answer; check the network' : 'npm says'
  return new StartFailure(`The packages could not be installed: ${reason}.`, lastLines(output))
}

function npmProgram() {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js')) return { file: process.execPath, before: [script] }
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', before: [] }
}

async function lockHash() {
  return createHash('sha256')
    .update(await readFile(LOCK))
    .digest('hex')
}

async function countInstalled() {
  const top = await readdir(MODULES).catch(() => [])
  const scopes = top.filter((name) => name.startsWith('@'))
  const inScopes = await Promise.all(scopes.map((name) => readdir(path.join(MODULES, name)).catch(() => [])))
  return top.length - scopes.length + inScopes.flat().length
}
