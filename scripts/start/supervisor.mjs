import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openLog } from './log-file.mjs'
import { ROOT } from './options.mjs'

const LEAVE_WITH_PARENT = fileURLToPath(new URL('./leave-with-parent.mjs', import.meta.url))
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
/** A process that lived this long is well again: its next crash starts from the shortest delay. */
const WELL_AFTER_MS = 60_000
const STOP_TIMEOUT_MS = 12_000
const TAIL_LINES = 15

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {string[]} args            what Node is to run
 * @property {NodeJS.ProcessEnv} env
 * @property {(line: string) => void} [onLine]  sees its output
 */

/**
 * Keeps processes running: a crashed one starts again, after a growing delay.
 * @param {{ logDir: string, say: (text: string) => void, verbose: boolean }} options
 */
export function createSupervisor({ logDir, say, verbose }) {
  mkdirSync(logDir, { recursive: true })
  const services = []
  let stopping = false

  function start({ name, args, env, onLine = () => {} }) {
    const log = openLog(path.join(logDir, `${name}.log`))
    const service = { name, crashes: 0, child: undefined, timer: undefined, log, tail: [] }
    services.push(service)
    run()
    return service

    function run() {
      const startedAt = Date.now()
      const child = spawn(process.execPath, ['--import', LEAVE_WITH_PARENT, ...args], {
        cwd: ROOT,
        env,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // Ctrl-C reaches a terminal's whole group: each part is to hear of the end once, from here.
        detached: true,
      })
      service.child = child
      for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', heard)
      child.once('error', (error) => heard(String(error)))
      child.once('close', (code, signal) => ended(code ?? signal, Date.now() - startedAt))
    }

    function heard(line) {
      log.write(line)
      service.tail = [...service.tail.slice(1 - TAIL_LINES), line]
      if (verbose) say(`${name.padEnd(6)} | ${line}`)
      onLine(line)
    }

    function ended(how, livedMs) {
      service.child = undefined
      if (stopping) return
      service.crashes = livedMs > WELL_AFTER_MS ? 1 : service.crashes + 1
      const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (service.crashes - 1))
      say(
        `The ${name} process ended (${how}) and starts again in ${delayMs / 1000} s; its log is in ${path.relative(ROOT, logDir)}/${name}.log`,
      )
      service.timer = setTimeout(run, delayMs)
    }
  }

  async function stop() {
    stopping = true
    await Promise.all(services.map(stopOne))
  }

  return { start, stop }
}

async function stopOne({ child, timer, log }) {
  clearTimeout(timer)
  if (child) {
    const gone = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await gone
    clearTimeout(force)
  }
  log.close()
}
