import path from 'node:path'
import { ROOT } from './options.mjs'

const TSX = 'node_modules/tsx/dist/cli.mjs'
const AGENT_FILE = 'apps/node-agent/dist/clawbernetes-node.mjs'
const CLAW_FILE = 'apps/claw/dist/claw.mjs'

/**
 * The environment of the processes: what all share, and what only the seed and the web app may know.
 * @param {ReturnType<import('./options.mjs').readOptions>} options
 * @param {{ databaseUrl: string, authSecret: string, demoPassword: string }} found
 */
export function environments(options, { databaseUrl, authSecret, demoPassword }) {
  const { DEMO_EMAIL: _email, DEMO_PASSWORD: _password, ...inherited } = process.env
  const env = {
    ...inherited,
    NODE_ENV: options.dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl,
    CLAWBERNETES_DATA_DIR: options.dataDir,
    PORT: String(options.port),
    HOST: options.host,
    GATEWAY_PORT: String(options.gatewayPort),
    GATEWAY_HOST: options.gatewayHost,
    GATEWAY_URL: options.gatewayUrl,
    PUBLIC_URL: options.publicUrl,
    BETTER_AUTH_URL: options.publicUrl,
    BETTER_AUTH_SECRET: process.env.BETTER_AUTH_SECRET || authSecret,
    NODE_AGENT_FILE: path.join(ROOT, AGENT_FILE),
    CLAW_FILE: path.join(ROOT, CLAW_FILE),
  }
  if (!options.demo) return { common: env, seed: env, web: env }
  const withDemo = { ...env, DEMO_EMAIL: options.demoEmail, DEMO_PASSWORD: options.demoPassword ?? demoPassword }
  // The sign-in page offers the demo's password as a button: only where nobody but this machine can press it.
  const onlyHere = ['127.0.0.1', 'localhost', '::1'].includes(options.host)
  return { common: env, seed: withDemo, web: onlyHere ? withDemo : env }
}

/** What Node is to run for each part, built or from source with reload. */
export function commands({ dev, gatewayPort, dataDir, demoSpeed }) {
  const fromSource = (entry, { watch }) => (watch ? [TSX, 'watch', '--clear-screen=false', entry] : [TSX, entry])
  return {
    // Next reloads by itself; its server is started once.
    web: dev ? fromSource('apps/web/server.ts', { watch: false }) : ['apps/web/dist/server.js'],
    worker: dev ? fromSource('apps/worker/src/main.ts', { watch: true }) : ['apps/worker/dist/main.js'],
    seed: dev ? fromSource('apps/worker/src/seed.ts', { watch: false }) : ['apps/worker/dist/seed.js'],
    agentBundle: ['scripts/bundle.mjs', 'node-agent', '--watch'],
    demo: (joinToken) => {
      // The agent starts its own file for each simulated process, so it runs bundled in development too.
      const agent = dev ? ['--watch', '--watch-preserve-output', AGENT_FILE] : [AGENT_FILE]
      const gateway = `http://127.0.0.1:${gatewayPort}`
      const fleet = ['demo', '--gateway', gateway, '--token', joinToken, '--state-dir', path.join(dataDir, 'demo')]
      return [...agent, ...fleet, ...(demoSpeed ? ['--speed', demoSpeed] : [])]
    },
  }
}
