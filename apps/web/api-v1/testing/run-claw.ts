import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ENTRY = fileURLToPath(new URL('../../../../apps/claw/src/main.ts', import.meta.url))

export interface ClawRun {
  code: number | null
  out: string
  err: string
}

export interface BuiltClaw {
  /** The command as a person runs it, with its output in a pipe. */
  run(env: Record<string, string>, ...args: string[]): Promise<ClawRun>
  remove(): Promise<void>
}

/** The command in one file, as people get it. */
export async function builtClaw(): Promise<BuiltClaw> {
  const folder = await mkdtemp(path.join(tmpdir(), 'claw-'))
  const file = path.join(folder, 'claw.mjs')
  const require =
    "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"
  await build({
    entryPoints: [ENTRY],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: require },
    logLevel: 'silent',
  })
  return { run: (env, ...args) => runClaw(file, env, args), remove: () => rm(folder, { recursive: true, force: true }) }
}

function runClaw(file: string, env: Record<string, string>, args: string[]): Promise<ClawRun> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}
