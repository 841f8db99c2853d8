import type Docker from 'dockerode'
import type { AgentLog } from '../../agent-log'
import { grantGpus } from '../gpu/gpu-grant'
import { type GpuVerdict, verifyGpus } from '../gpu/gpu-verify'
import { RuntimeError } from '../runtime'
import { replicaName } from '../shared/observed'
import { createContainer, inspectContainer, nameTaken, removeContainer, startContainer } from './container-actions'
import type { ContainerRecord, ContainerRecords } from './container-record'
import { isOwn, neverRan } from './container-state'
import type { Engine } from './engine'
import { isNameConflict } from './engine-error'
import { ensureImage, withTag } from './images'

export interface ContainerContext {
  engine: Engine
  records: ContainerRecords
  owner: string
  bindAddress: string
  log: AgentLog
}

export interface BringUpHooks {
  /** Aborted when a stop was asked for: a pull is given up. */
  signal: AbortSignal
  onPulling(message: string): void
  onStarting(): void
}

export const STOPPED_EARLY = new RuntimeError('start-failed', 'It was stopped before it started.')

/**
 * One try from whatever the engine has under this replica's name to a started container; false asks for another try.
 * It first looks, so that a crash at any point before is continued and nothing runs twice.
 */
export async function tryStart(
  context: ContainerContext,
  record: ContainerRecord,
  hooks: BringUpHooks,
): Promise<boolean> {
  const { engine, owner, bindAddress } = context
  const { key, spec } = record
  const name = replicaName(key)
  const found = await inspectContainer(engine, name)
  if (found && !isOwn(found, key, owner)) throw nameTaken(record)
  if (found && !neverRan(found)) return true
  if (found) await removeContainer(engine, name)
  const throwIfStopped = () => {
    if (hooks.signal.aborted) throw STOPPED_EARLY
  }
  throwIfStopped()
  if (!spec?.image) throw new RuntimeError('invalid-spec', 'A container needs an image.')
  const image = withTag(spec.image)
  await ensureImage(engine, image, hooks.signal, hooks.onPulling)
  const grant = await grantGpus(engine, spec.gpuUuids)
  throwIfStopped()
  hooks.onStarting()
  try {
    await createContainer(engine, { key, owner, spec, image, grant, bindAddress, init: true })
  } catch (error) {
    // Somebody made it between the look and here: the next try sees what it is.
    if (isNameConflict(error)) return false
    throw error
  }
  if (hooks.signal.aborted) await removeContainer(engine, name)
  throwIfStopped()
  await startContainer(engine, name)
  return true
}

/** A GPU that is gone since the start cannot have been passed; an engine that does not answer is asked again (throws). */
export async function judgeGpus(
  engine: Engine,
  info: Docker.ContainerInspectInfo,
  uuids: string[],
): Promise<GpuVerdict> {
  try {
    const grant = await grantGpus(engine, uuids)
    return await verifyGpus(engine.docker.getContainer(info.Id), info.State.Pid, grant)
  } catch (error) {
    if (error instanceof RuntimeError) return { passed: false, problem: error.message }
    throw error
  }
}
