import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@clawbernetes/db/free-port'
import { runTool } from '../start/run-tool.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMMAND = 'npm run bench -- start'
const TIMEOUT_MS = 600_000
const POLL_MS = 100

/** From a clean clone to the sign-in page, and the start after that. What is not committed is not measured. */
export async function* rows() {
  const folder = await mkdtemp(path.join(tmpdir(), 'clawbernetes-bench-'))
  const clone = path.join(folder, 'clone')
  try {
    const { status, output } = await runTool('git', ['clone', '--quiet', ROOT, clone])
    if (status !== 0) throw new Error(`git clone: ${output}`)
    const first = await timeStart(clone)
    yield row('clean clone to sign-in page', first.pageS, 180, 'the study, fewer parts: 133 s')
    yield row('clean clone to ready, demo fleet connected', first.readyS, undefined, '')
    const second = await timeStart(clone)
    yield row('second start to sign-in page', second.pageS, 10, 'the study, fewer parts: 8.5 s')
    yield row('second start to ready, demo fleet connected', second.readyS, undefined, '')
    yield row('Ctrl-C to all processes gone', second.stopS, undefined, '')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const row = (figure, seconds, barS, peer) => ({
  figure,
  value: `${seconds.toFixed(1)} s`,
  peer,
  bar: barS === undefined ? '' : `≤ ${barS} s`,
  met: barS === undefined ? undefined : seconds <= barS,
  command: COMMAND,
})

/** Seconds until the sign-in page answers, until `npm start` says it is ready, and from SIGINT to its end. */
async function timeStart(clone) {
  const port = await freePort()
  const env = { ...process.env, PORT: String(port), GATEWAY_PORT: String(await freePort()) }
  for (const name of ['DATABASE_URL', 'NODE_ENV', 'CLAWBERNETES_DATA_DIR', 'npm_lifecycle_event']) delete env[name]
  const startedAt = performance.now()
  const child = spawn('npm', ['start'], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const gone = new Promise((resolve) => child.once('close', resolve))
  try {
    const page = until(
      child,
      () => said,
      async () => (await fetch(`http://127.0.0.1:${port}/login`)).ok,
    )
    const ready = until(
      child,
      () => said,
      async () => said.includes('Clawbernetes is ready at '),
    )
    const [pageS, readyS] = (await Promise.all([page, ready])).map((at) => (at - startedAt) / 1000)
    const stopAt = performance.now()
    signalGroup(child, 'SIGINT')
    await gone
    return { pageS, readyS, stopS: (performance.now() - stopAt) / 1000 }
  } finally {
    if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGTERM')
    await gone
  }
}

async function until(child, said, isTrue) {
  const deadline = performance.now() + TIMEOUT_MS
  while (!(await isTrue().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`npm start ended: ${said().trim().split('\n').at(-1)}`)
    if (performance.now() > deadline) throw new Error(`not reached after ${TIMEOUT_MS / 1000} s`)
    await sleep(POLL_MS)
  }
  return performance.now()
}

/** As a terminal does it: npm, its shell and our script all get the signal. */
function signalGroup({ pid }, signal) {
  if (pid) process.kill(-pid, signal)
}
