import { spawn } from 'node:child_process'

export interface ToolResult {
  /** null: it was not found, or did not end in time. */
  code: number | null
  stdout: string
  stderr: string
  missing: boolean
  timedOut: boolean
}

const MAX_OUTPUT = 8 * 1024 * 1024

/**
 * Runs a machine tool with fixed arguments and a time limit. A hung driver leaves the tool in a sleep that no signal
 * ends: the result comes at the limit all the same, and the process is left to the kernel.
 */
export function runTool(
  file: string,
  argv: string[],
  timeoutMs: number,
  onLeft?: (gone: Promise<void>) => void,
): Promise<ToolResult> {
  return new Promise((resolve) => {
    const out: Buffer[] = []
    const err: Buffer[] = []
    let size = 0
    const text = (parts: Buffer[]) => Buffer.concat(parts).toString('utf8')
    // C locale: numbers with a dot and messages as the parsers know them.
    const child = spawn(file, argv, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
    const gone = new Promise<void>((over) => child.once('close', () => over()))
    const keep = (parts: Buffer[]) => (part: Buffer) => {
      size += part.length
      if (size <= MAX_OUTPUT) parts.push(part)
      else child.kill('SIGKILL')
    }
    child.stdout.on('data', keep(out))
    child.stderr.on('data', keep(err))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
      onLeft?.(gone)
      resolve({ code: null, stdout: text(out), stderr: text(err), missing: false, timedOut: true })
    }, timeoutMs)
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      resolve({ code: null, stdout: '', stderr: error.message, missing: error.code === 'ENOENT', timedOut: false })
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({
        code: size > MAX_OUTPUT ? null : code,
        stdout: text(out),
        stderr: text(err),
        missing: false,
        timedOut: false,
      })
    })
  })
}

/** One tool of a driver that may hang: while a call is stuck in the kernel no further one is piled on top. */
export class HangingTool {
  #stuck = false

  constructor(
    private readonly file: string,
    private readonly timeoutMs: number,
  ) {}

  async run(argv: string[], timeoutMs = this.timeoutMs): Promise<ToolResult> {
    if (this.#stuck)
      return { code: null, stdout: '', stderr: 'An earlier call still hangs.', missing: false, timedOut: true }
    return runTool(this.file, argv, timeoutMs, (gone) => {
      this.#stuck = true
      void gone.then(() => {
        this.#stuck = false
      })
    })
  }
}
