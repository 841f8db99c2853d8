import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { reasonOf } from '../agent-log'
import { systemClock } from '../clock'
import { EnrolError, enrolNode } from '../enrol'
import { detectDriver } from '../machine/detect'
import type { Identity } from '../state/identity'
import { privateFolder } from '../state/atomic-file'
import { saveSettings } from '../state/settings'
import { type JoinArguments, joinArguments, UsageError } from './arguments'
import { startInBackground } from './background'
import { EXIT_REFUSED } from './run'
import { installSystemd } from './systemd'

const TRIES = 5

/** `join`: enrols this machine, keeps what `run` needs and starts the agent. */
export async function join(argv: string[]): Promise<number> {
  let args: JoinArguments
  try {
    args = joinArguments(argv)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`clawbernetes-node join: ${error.message}\n`)
    return 2
  }
  await privateFolder(args.stateDir)
  for (const root of args.dataRoots)
    await mkdir(root, { recursive: true }).catch((error: unknown) =>
      say(`The data root ${root} cannot be made: ${reasonOf(error)}`),
    )
  const identity = await enrolWithRetries(args)
  if (!identity) return EXIT_REFUSED
  await saveSettings(args.stateDir, {
    name: args.name,
    labels: args.labels,
    dataRoots: args.dataRoots,
    address: args.address,
  })
  say(`This machine is node ${identity.name} (${identity.nodeId}) of ${identity.organization}.`)
  if (!args.start) {
    say('Start the agent with: clawbernetes-node run')
    return 0
  }
  const { ok, message } = args.service ? await installSystemd(args.stateDir) : await startInBackground(args.stateDir)
  say(message)
  return ok ? 0 : 1
}

async function enrolWithRetries(args: JoinArguments): Promise<Identity | null> {
  const driver = await detectDriver(args.stateDir, args.dataRoots.find((root) => existsSync(root)) ?? '/')
  for (let attempt = 1; ; attempt++) {
    try {
      return await enrolNode({ ...args, gatewayUrl: args.server, driver, runtimes: [] }, args.token)
    } catch (error) {
      if (!(error instanceof EnrolError)) throw error
      if (error.refusal.fatal || attempt >= TRIES) {
        process.stderr.write(`clawbernetes-node join: ${error.refusal.message}\n`)
        return null
      }
      say(`${error.refusal.message} Trying again.`)
      await systemClock.sleep(1_000 * 2 ** (attempt - 1))
    }
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`)
