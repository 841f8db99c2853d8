import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

export interface ClawRun {
  code: number | null
  out: string
  err: string
}

/** The command as a person runs it, with its output in a pipe. */
export function runClaw(env: Record<string, string>, ...args: string[]): Promise<ClawRun> {
  const child = spawn(process.execPath, [at('node_modules/tsx/dist/cli.mjs'), at('apps/claw/src/main.ts'), ...args], {
    env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}
