import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { mkdirSync } from 'node:fs'
import { reasonOf, streamLog } from '../agent-log'
import { simProcessCommand } from '../runtime/sim-process'
import { lockState } from '../state/state-lock'
import { openControl } from './demo/control-server'
import { DemoFleet } from './demo/demo-fleet'
import { findScenario } from './scenarios/registry'

const USAGE = `Usage: clawbernetes-node demo --gateway URL --state-dir DIR [--token TOKEN] [--scenario fleet8] [--nodes N] [--speed 1]

Runs the simulated nodes of a scenario in this process, each with the real node agent.
  --gateway    where the gateway answers, e.g. http://127.0.0.1:3001
  --token      join token for nodes that have not joined yet
  --nodes      a synthetic fleet of N nodes with eight GPUs each instead of the scenario
  --speed      simulated seconds per second`

const READY_LOOK_MS = 100
const MOST_NODES = 5000

interface DemoArguments {
  gateway: string
  stateDir: string
  token: string | null
  scenario: string
  nodes: number | null
  speed: number
}

class UsageError extends Error {}

/** `demo …`: runs until it is told to stop. Answers the exit code. */
export async function runDemo(argv: string[]): Promise<number> {
  try {
    const args = parse(argv)
    if (args === null) {
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    return await run(args)
  } catch (error) {
    process.stderr.write(`demo: ${reasonOf(error)}\n${error instanceof UsageError ? `\n${USAGE}\n` : ''}`)
    return error instanceof UsageError ? 2 : 1
  }
}

async function run(args: DemoArguments): Promise<number> {
  const log = streamLog(process.stderr)
  const scenario = findScenario(args.scenario, args.nodes)
  mkdirSync(args.stateDir, { recursive: true, mode: 0o700 })
  const unlock = await lockState(args.stateDir)
  const agentFile = resolve(process.argv[1] ?? '')
  const fleet = new DemoFleet({
    scenario,
    stateDir: args.stateDir,
    gatewayUrl: args.gateway,
    token: args.token,
    processCommand: simProcessCommand(agentFile),
    speed: args.speed,
    log,
  })
  let end: (problem: string | null) => void = () => {}
  const ended = new Promise<string | null>((resolve) => {
    end = resolve
    process.once('SIGINT', () => resolve(null))
    process.once('SIGTERM', () => resolve(null))
  })
  const closeControl = await openControl(fleet, args.stateDir)
  fleet.start()
  const announce = setInterval(() => {
    if (!fleet.ready) return
    clearInterval(announce)
    if (fleet.hopeless !== null) return end(fleet.hopeless)
    process.stdout.write(
      `${JSON.stringify({ event: 'demo.ready', nodes: fleet.status().filter((node) => node.online).length })}\n`,
    )
  }, READY_LOOK_MS)
  const problem = await ended
  clearInterval(announce)
  closeControl()
  await fleet.stop()
  unlock()
  if (problem === null) return 0
  process.stderr.write(`demo: No node could join. ${problem}\n`)
  return 1
}

function parse(argv: string[]): DemoArguments | null {
  const options = {
    gateway: { type: 'string' },
    server: { type: 'string' },
    token: { type: 'string' },
    'state-dir': { type: 'string' },
    scenario: { type: 'string' },
    nodes: { type: 'string' },
    speed: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values']
  try {
    values = parseArgs({ args: argv, options }).values
  } catch (error) {
    throw new UsageError(reasonOf(error))
  }
  if (values.help) return null
  const gateway = values.gateway ?? values.server
  if (!gateway) throw new UsageError('--gateway is needed.')
  if (!/^https?:\/\//.test(gateway))
    throw new UsageError(`--gateway must begin with http:// or https://, not "${gateway}".`)
  const stateDir = values['state-dir']
  if (!stateDir) throw new UsageError('--state-dir is needed.')
  const nodes = values.nodes === undefined ? null : Number(values.nodes)
  if (nodes !== null && !(Number.isInteger(nodes) && nodes >= 1 && nodes <= MOST_NODES))
    throw new UsageError(`--nodes must be a whole number from 1 to ${MOST_NODES}.`)
  const speed = values.speed === undefined ? 1 : Number(values.speed)
  if (!(speed > 0 && speed <= 1000)) throw new UsageError('--speed must be a number above 0 and at most 1000.')
  return {
    gateway: gateway.replace(/\/+$/, ''),
    stateDir: resolve(stateDir),
    token: values.token ?? null,
    scenario: values.scenario ?? 'fleet8',
    nodes,
    speed,
  }
}
