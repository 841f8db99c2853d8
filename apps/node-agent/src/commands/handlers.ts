import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CommandData } from '@clawbernetes/protocol/node/commands'
import { checkpointFolder, type DataRoots, resolveInRoots } from '../assignments/mount-check'
import type { ReplicaRecord } from '../assignments/replica-journal'
import type { Clock } from '../clock'
import type { MachineDriver } from '../machine/machine-driver'
import type { Runtime } from '../runtime/runtime'
import { type CheckpointFile, newestCheckpoint } from './checkpoint-files'
import { type CommandContext, CommandError, type CommandHandlers } from './command-loop'

const POLL_MS = 250
const MIB = 1024 * 1024
/** A result travels in one message; a driver's full report is cut, not refused. */
const SECTION_CHARS = 60_000
const SECTIONS_CHARS = 240_000

export interface HandlerDeps {
  where: DataRoots
  driver: MachineDriver
  runtimes: Runtime[]
  replica(replicaId: string): ReplicaRecord | null
  refreshInventory(): Promise<boolean>
  clock: Clock
}

export function commandHandlers(deps: HandlerDeps): CommandHandlers {
  return {
    'probe-paths': async ({ paths }) => ({ paths: await Promise.all(paths.map((path) => probe(path, deps.where))) }),
    checkpoint: ({ replicaId, timeoutMs }, context) => checkpoint(replicaId, timeoutMs, context, deps),
    'collect-diagnostics': async ({ gpuUuid }) => ({
      sections: bounded((await deps.driver.diagnostics?.(gpuUuid)) ?? {}),
    }),
    'refresh-inventory': async () => ({ changed: await deps.refreshInventory() }),
  }
}

async function probe(path: string, where: DataRoots): Promise<CommandData<'probe-paths'>['paths'][number]> {
  const nothing = { path, exists: false, outside: false, kind: null, sizeMib: null }
  if (!path.startsWith('/') || path.split('/').includes('..')) return { ...nothing, outside: true }
  const place = await resolveInRoots(path, where).catch(() => ({ real: path, exists: false }))
  if (!place) return { ...nothing, outside: true }
  const found = place.exists ? await stat(place.real).catch(() => null) : null
  if (!found) return nothing
  if (found.isDirectory()) return { ...nothing, exists: true, kind: 'dir' }
  return { ...nothing, exists: true, kind: 'file', sizeMib: Math.round((found.size / MIB) * 100) / 100 }
}

/** Signals the replica and waits for a complete checkpoint that is newer than what was there: a signal alone proves nothing. */
async function checkpoint(
  replicaId: string,
  timeoutMs: number,
  { record, remember, signal }: CommandContext,
  deps: HandlerDeps,
): Promise<CommandData<'checkpoint'>> {
  const replica = deps.replica(replicaId)
  const ask = replica?.spec.checkpoint
  if (!replica || replica.state !== 'live')
    throw new CommandError('refused', `Replica ${replicaId} does not run on this node.`)
  if (!ask) throw new CommandError('refused', `Replica ${replicaId} does not say how it writes a checkpoint.`)
  const folder = await checkpointFolder(replica.spec, deps.where)
  if (!folder)
    throw new CommandError('failed', `The checkpoint folder ${ask.dir} of replica ${replicaId} is not there.`)
  let baseline = record.baseline
  if (!baseline) {
    baseline = { step: (await newestCheckpoint(folder))?.step ?? null, askedAtMs: deps.clock.now() }
    await remember({ baseline })
  }
  const key = { replicaId, generation: replica.generation, workloadName: replica.workloadName }
  const runtime = deps.runtimes.find((r) => r.kind === replica.spec.runtime)
  const untilMs = baseline.askedAtMs + timeoutMs
  for (let asked = false; ; asked = true) {
    const newest = await newestCheckpoint(folder)
    if (newest && isNewer(newest, baseline))
      return {
        step: newest.step,
        path: join(ask.dir, basename(newest.path)),
        sizeMib: Math.round((newest.sizeBytes / MIB) * 1000) / 1000,
        atMs: Math.round(newest.mtimeMs),
      }
    // Asked again after a restart of the agent: it cannot know whether the first one got through, and twice does no harm.
    if (!asked) await runtime?.signal(key, ask.signal)
    if (deps.replica(replicaId)?.state !== 'live')
      throw new CommandError('failed', `Replica ${replicaId} ended before it wrote a checkpoint.`)
    if (deps.clock.now() >= untilMs) {
      const had = baseline.step === null ? 'there is none' : `the newest is still step ${baseline.step}`
      throw new CommandError('failed', `No newer checkpoint within ${Math.round(timeoutMs / 1000)} s: ${had}.`)
    }
    await deps.clock.sleep(POLL_MS, signal)
    if (signal.aborted) throw new Error('The agent is stopping.')
  }
}

const isNewer = (newest: CheckpointFile, baseline: { step: number | null; askedAtMs: number }): boolean =>
  baseline.step === null ||
  newest.step > baseline.step ||
  (newest.step === baseline.step && newest.mtimeMs > baseline.askedAtMs)

function bounded(sections: Record<string, string>): Record<string, string> {
  let left = SECTIONS_CHARS
  const kept: Record<string, string> = {}
  for (const [title, text] of Object.entries(sections)) {
    const most = Math.min(SECTION_CHARS, left)
    if (most <= 0) break
    const clean = Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\ufffd')
    kept[title] = clean.length > most ? `${clean.slice(0, most)}\n… cut` : clean
    left -= kept[title].length
  }
  return kept
}
