import { existsSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { StartFailure } from './failure.mjs'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const FLAGS = {
  dev: { type: 'boolean', default: false },
  demo: { type: 'boolean', default: true },
  'reset-demo': { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
}

/**
 * What to start and where, from the command line, the environment and `.env`.
 * @param {string[]} argv
 * @param {NodeJS.ProcessEnv} env
 */
export function readOptions(argv, env) {
  const flags = parseFlags(argv)
  const port = portFrom(env.PORT, 'PORT', 3000)
  const gatewayPort = portFrom(env.GATEWAY_PORT, 'GATEWAY_PORT', port + 1)
  if (port === gatewayPort)
    throw new StartFailure(`PORT and GATEWAY_PORT are both ${port}: choose two different ports.`)
  const host = env.HOST || '127.0.0.1'
  const gatewayHost = env.GATEWAY_HOST || host
  return {
    dev: flags.dev,
    demo: flags.demo,
    resetDemo: flags['reset-demo'],
    verbose: flags.verbose || flags.dev,
    port,
    gatewayPort,
    host,
    gatewayHost,
    publicUrl: env.PUBLIC_URL || `http://${reachable(host)}:${port}`,
    gatewayUrl: env.GATEWAY_URL || `http://${reachable(gatewayHost)}:${gatewayPort}`,
    dataDir: path.resolve(ROOT, env.CLAWBERNETES_DATA_DIR || '.data'),
    databaseUrl: env.DATABASE_URL || undefined,
    demoSpeed: env.DEMO_SPEED || undefined,
    demoEmail: env.DEMO_EMAIL || 'demo@clawbernetes.example',
    demoPassword: env.DEMO_PASSWORD || undefined,
  }
}

/** Variables of `.env` count where the environment does not already say otherwise. */
export function loadEnvFile() {
  const file = path.join(ROOT, '.env')
  if (existsSync(file) && statSync(file).isFile()) process.loadEnvFile(file)
}

function parseFlags(argv) {
  try {
    return parseArgs({ args: argv, options: FLAGS, allowNegative: true, strict: true }).values
  } catch (error) {
    throw new StartFailure(`${error.message.split('. ')[0]}; it knows --no-demo, --reset-demo, --dev and --verbose.`)
  }
}

function portFrom(value, name, otherwise) {
  if (!value) return otherwise
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new StartFailure(`${name} is "${value}", which is no port: give a number between 1 and 65535.`)
}

/** A name under which browsers and node agents reach a server that listens on `host`. */
function reachable(host) {
  if (host === '127.0.0.1' || host === '::1') return 'localhost'
  if (host !== '0.0.0.0' && host !== '::') return host
  const addresses = Object.values(networkInterfaces()).flat()
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'localhost'
}
