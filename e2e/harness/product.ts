// The real product, started as a user starts it, on a scratch data folder and free ports.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePort } from '@clawbernetes/db/free-port'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_TIMEOUT_MS = 300_000
const STOP_TIMEOUT_MS = 40_000

export interface Product {
  url: string
  gatewayUrl: string
  email: string
  password: string
  dataDir: string
  /** What it printed until it was ready. */
  output: string[]
  stop(): Promise<void>
}

/**
 * Runs `node scripts/start.mjs` until it says that it is ready. Its Postgres, secrets, logs and demo fleet live in a
 * folder that `stop()` removes.
 */
export async function startProduct({
  flags = [],
  env = {},
}: {
  flags?: string[]
  env?: Record<string, string>
} = {}): Promise<Product> {
  const parent = path.join(ROOT, '.data')
  await mkdir(parent, { recursive: true })
  const dataDir = await mkdtemp(path.join(parent, 'e2e-'))
  const port = await freePort()
  const gatewayPort = await freePort()
  const email = 'demo@clawbernetes.example'
  const password = randomBytes(9).toString('base64url')
  const child = spawn(process.execPath, ['scripts/start.mjs', ...flags], {
    cwd: ROOT,
    env: {
      ...withoutOwnSettings(process.env),
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      CLAWBERNETES_DATA_DIR: dataDir,
      DEMO_EMAIL: email,
      DEMO_PASSWORD: password,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  const stop = async () => {
    await ended(child)
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    await ready(child, output)
  } catch (error) {
    await stop()
    throw error
  }
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  return { url: `http://localhost:${port}`, gatewayUrl, email, password, dataDir, output, stop }
}

function ready(child: ChildProcess, output: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`the product did not start: ${reason}\n${output.join('\n')}`))
    const timer = setTimeout(() => fail(`not ready after ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS)
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line)
        if (!line.startsWith('Clawbernetes is ready at ')) return
        clearTimeout(timer)
        resolve()
      })
    }
    child.once('close', (code) => {
      clearTimeout(timer)
      fail(`it ended with code ${code}`)
    })
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await gone
  clearTimeout(force)
}

/** The product must not find a developer's database or npm's life cycle in the environment of the tests. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(DATABASE_URL|PUBLIC_URL|GATEWAY_URL|HOST|NODE_ENV|npm_lifecycle_event)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
}
