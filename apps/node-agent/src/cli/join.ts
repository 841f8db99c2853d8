import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { reasonOf } from '../agent-log'
import { systemClock } from '../clock'
import { EnrolError, enrolNode } from '../enrol'
import { detectDriver } from '../machine/detect'
import { type Identity, loadIdentity } from '../state/identity'
import { loadRunState } from '../state/run-state'
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
  const refused = await refusedBefore(args.stateDir)
  if (refused) {
    process.stderr.write(`clawbernetes-node join: ${refused}\n`)
    return EXIT_REFUSED
  }
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

/** A node that the gateway refused for good cannot be joined over: what it ran is tied to its old identity. */
async function refusedBefore(stateDir: string): Promise<string | null> {
  const identity = await loadIdentity(stateDir)
  const ending = identity && (await loadRunState(stateDir))?.ending
  if (!ending) return null
  return `This machine was node ${identity.name}, and the gateway refused it: ${ending.message} To join as a new node, remove ${stateDir} and run the same command again.`
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
