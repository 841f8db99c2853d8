#!/usr/bin/env node
// The claw command of this checkout, from source: `npm run --silent claw -- nodes`. It asks the installation on this machine
// unless CLAWBERNETES_URL names another one.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const child = spawn(
  process.execPath,
  [at('node_modules/tsx/dist/cli.mjs'), at('apps/claw/src/main.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { CLAWBERNETES_URL: process.env.PUBLIC_URL ?? `http://localhost:${process.env.PORT ?? 3000}`, ...process.env },
  },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 130 : 1)
})
