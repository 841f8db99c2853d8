import { join } from 'node:path'
import { inert } from '@clawbernetes/protocol/text'
import { openReplicaJournal } from '../assignments/replica-journal'
import { loadIdentity } from '../state/identity'
import { loadRunState } from '../state/run-state'
import { SeqFloor } from '../state/seq-floor'
import { liveOwner } from '../state/state-lock'
import { commonArguments } from './arguments'
import { EXIT_REFUSED } from './run'

/** `status`: what the agent of this state folder is and does, read from its files; it need not run. */
export async function status(argv: string[]): Promise<number> {
  const { stateDir, json } = commonArguments(argv)
  const identity = await loadIdentity(stateDir)
  if (!identity) {
    process.stdout.write(json ? `${JSON.stringify({ joined: false, stateDir })}\n` : `${stateDir} holds no node.\n`)
    return EXIT_REFUSED
  }
  const pid = await liveOwner(join(stateDir, 'agent.lock'))
  const state = await loadRunState(stateDir)
  const online = pid !== null && state?.pid === pid && state.online
  const records = await (await openReplicaJournal(stateDir, await SeqFloor.open(stateDir))).load()
  const replicas = records.map(({ replicaId, workloadName, generation, status: now }) => ({
    replicaId,
    workloadName,
    generation,
    phase: now.phase,
    restarts: now.restarts,
    reason: now.reason,
  }))
  if (json) {
    const { privateKey: _secret, ...told } = identity
    process.stdout.write(
      `${JSON.stringify({ joined: true, stateDir, ...told, pid, online, ending: state?.ending ?? null, replicas })}\n`,
    )
    return 0
  }
  const lines = [
    `Node      ${identity.name} (${identity.nodeId}) of ${identity.organization}`,
    `Gateway   ${identity.gatewayUrl}`,
    `Agent     ${pid === null ? `not running${state?.ending ? `: ${state.ending.message}` : ''}` : `process ${pid}, ${online ? 'connected' : 'not connected'}`}`,
    `State     ${stateDir}`,
    ...replicas.map(
      (r) =>
        `Replica   ${r.replicaId}  ${inert(r.workloadName, 80)}  ${r.phase}${r.restarts > 0 ? `, ${r.restarts} restarts` : ''}${r.reason ? `  ${inert(r.reason.message, 200)}` : ''}`,
    ),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}
