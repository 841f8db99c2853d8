import { reasonOf } from './agent-log'

const USAGE = `Usage: clawbernetes-node <command>

  join --server URL --token TOKEN   make this machine a node and start the agent
  run                               the agent itself, in the foreground
  status                            what the agent on this machine is doing
  doctor                            what is missing on this machine, and how to mend it
  demo                              simulated nodes
  version

join:   --name NAME  --label KEY=VALUE  --data-root DIR  --address HOST  --service (a systemd unit)  --no-start
all:    --state-dir DIR (default /var/lib/clawbernetes for root, ~/.local/state/clawbernetes otherwise)
status, doctor:  --json`

/** Each command is loaded when it is called: the small processes between the agent and its replicas stay small. */
async function main([command = 'help', ...rest]: string[]): Promise<number> {
  switch (command) {
    case 'supervise': {
      const { supervise } = await import('./runtime/process/supervise')
      await supervise(rest)
      return 0
    }
    case 'sim-run': {
      const { runSimProcess } = await import('./sim/child/main')
      runSimProcess(rest[0] ?? '')
      return await new Promise<number>(() => {})
    }
    case 'demo':
      return (await import('./sim/cli')).runDemo(rest)
    case 'join':
      return (await import('./cli/join')).join(rest)
    case 'run':
      return (await import('./cli/run')).run(rest)
    case 'status':
      return (await import('./cli/status')).status(rest)
    case 'doctor':
      return (await import('./cli/doctor')).doctor(rest)
    case 'version':
    case '--version':
      return (await import('./cli/version')).version()
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(`${USAGE}\n`)
      return 0
    default:
      process.stderr.write(`clawbernetes-node: there is no command "${command}".\n${USAGE}\n`)
      return 2
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`clawbernetes-node: ${reasonOf(error)}\n`)
    process.exit(1)
  },
)
