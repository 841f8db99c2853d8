import { spawn } from 'node:child_process'
import { ROOT } from './options.mjs'

/**
 * Runs a program to its end, its output kept.
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<{ status: number, output: string }>}
 */
export function runTool(file, args, { env = process.env, cwd = ROOT, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGTERM' })
    const chunks = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status: status ?? 1, output: Buffer.concat(chunks).toString().trim() }))
  })
}

/** The last lines of a tool's output, enough to see what went wrong. */
export const lastLines = (text, count = 20) => text.split('\n').slice(-count).join('\n')
