import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { RuntimeError } from '../runtime'
import { replicaName } from '../shared/observed'
import { hasEnded } from './container-state'
import { type ContainerOrder, createBody } from './create-body'
import type { Engine } from './engine'
import { isGone, lacksInit, statusOf } from './engine-error'
import { createByLibpod } from './libpod-body'

const STOP_POLL_MS = 100
const KILL_AGAIN_MS = 2000
const STUCK_MS = 10_000

/** null when there is no such container. */
export async function inspectContainer(engine: Engine, name: string): Promise<Docker.ContainerInspectInfo | null> {
  try {
    return await engine.docker.getContainer(name).inspect()
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

/** Makes the container by the way that its GPUs need; without an init where the engine has none installed. */
export async function createContainer(engine: Engine, order: ContainerOrder): Promise<void> {
  try {
    if (order.grant.method === 'libpod') await createByLibpod(engine, order)
    else await engine.docker.createContainer(createBody(order))
  } catch (error) {
    if (!order.init || !lacksInit(error)) throw error
    await createContainer(engine, { ...order, init: false })
  }
}

/** Starts it; one that cannot be started is not left behind as a corpse. */
export async function startContainer(engine: Engine, name: string): Promise<void> {
  try {
    await engine.docker.getContainer(name).start()
  } catch (error) {
    if (statusOf(error) !== null) await removeContainer(engine, name)
    throw error
  }
}

export async function removeContainer(engine: Engine, name: string): Promise<void> {
  try {
    await engine.docker.getContainer(name).remove({ force: true, v: true })
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** Sends a signal; a container that has just ended is no error. */
export async function signalContainer(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
  signal: string,
): Promise<void> {
  const container = engine.docker.getContainer(info.Id)
  try {
    // A frozen process takes no signal, not even the last one.
    if (info.State.Paused) await container.unpause()
    await container.kill({ signal })
  } catch (error) {
    if (statusOf(error) === null) throw error
  }
}

/** Signal, grace, kill, and again until it has ended or is gone. */
export async function endContainer(
  engine: Engine,
  name: string,
  signal: string | null,
  graceMs: number,
  onStuck: () => void = () => {},
): Promise<void> {
  const askedAtMs = Date.now()
  let asked = signal === null || graceMs === 0
  let killAtMs = asked ? askedAtMs : askedAtMs + graceMs
  for (;;) {
    const info = await inspectContainer(engine, name)
    if (!info || hasEnded(info)) return
    if (!asked && signal) await signalContainer(engine, info, signal)
    asked = true
    if (Date.now() >= askedAtMs + graceMs + STUCK_MS) onStuck()
    if (Date.now() >= killAtMs) {
      killAtMs = Date.now() + KILL_AGAIN_MS
      await signalContainer(engine, info, 'SIGKILL')
    }
    await sleep(STOP_POLL_MS)
  }
}

/** Podman writes the last words of a container a moment after it tells that it ended. */
const LAST_WORDS_MS = 1500
const LAST_WORDS_POLL_MS = 100
/** An init that cannot run its command ends at once; what lived longer than this ended by its own code. */
const INIT_LIFE_MS = 3000

/** Podman's init ends with a plain 1 when it cannot run the command; only its last words tell that from a command that failed. */
export async function initRefusal(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
): Promise<{ code: string; message: string } | null> {
  if (engine.kind !== 'podman' || info.State.ExitCode !== 1) return null
  if (Date.parse(info.State.FinishedAt) - Date.parse(info.State.StartedAt) > INIT_LIFE_MS) return null
  const untilMs = Date.now() + LAST_WORDS_MS
  for (;;) {
    const words = await engine.docker
      .getContainer(info.Id)
      .logs({ stderr: true, stdout: true, follow: false, tail: 3 })
      .catch(() => Buffer.alloc(0))
    const text = words.toString('utf8')
    // The init writes its line in pieces, "ERROR (catatonit:6): " and the cause; the log may hold either one without the other.
    const cause = /failed to exec pid1: (.+)/.exec(text)?.[1]
    const late = Date.now() >= untilMs
    if (cause || (late && text.includes('ERROR (catatonit:')))
      return {
        code: 'command-missing',
        message: `Its command could not be run: ${(cause ?? 'the container does not say why').trim().slice(0, 200)}.`,
      }
    if (late) return null
    await sleep(LAST_WORDS_POLL_MS)
  }
}

export const nameTaken = (order: Pick<ContainerOrder, 'key'>): RuntimeError =>
  new RuntimeError(
    'start-failed',
    `There is a container ${replicaName(order.key)} on this node that is not this agent's.`,
  )
