import { applyCommandResult } from '@clawbernetes/services/fleet/apply-command-result'
import { nodeAssignments } from '@clawbernetes/services/fleet/node-assignments'
import { pendingCommands } from '@clawbernetes/services/fleet/pending-commands'
import { appendLogs } from '@clawbernetes/services/workloads/append-logs'
import { applyReplicaStatuses } from '@clawbernetes/services/workloads/apply-replica-status'
import type { CommandBody, CommandResult } from '@clawbernetes/protocol/node/commands'
import type { Assignment, ReplicaPhase, ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { AgentWorld } from './agent-world'

/** How the machines behave; a test changes it while a plan runs. */
export interface Behaviour {
  /** Replicas on these nodes fail to start. */
  failsOn: Set<string>
  /** Replicas on these nodes do not end, whatever they are told. */
  stuckOn: Set<string>
  /** Nodes that say nothing. */
  silent: Set<string>
  /** Nodes that do not see checkpoints written elsewhere. */
  blind: Set<string>
  checkpoint: { step: number } | { failed: string }
}

interface Seen {
  phase: ReplicaPhase
  seq: number
}

/**
 * The far side of every node of a world: does what its list says, as agents do, one round at a time. What it does is told through
 * the same verbs as the gateway uses.
 */
export class ObedientNodes {
  readonly behaviour: Behaviour = {
    failsOn: new Set(),
    stuckOn: new Set(),
    silent: new Set(),
    blind: new Set(),
    checkpoint: { step: 2300 },
  }
  /** What happened, in order: "start train-a on node-02". */
  readonly history: string[] = []
  readonly #seen = new Map<string, Seen>()
  readonly #alive = new Map<string, Set<string>>()
  /** The most replicas of one workload that ran at the same time. */
  most = new Map<string, number>()

  constructor(private readonly world: AgentWorld) {}

  /** Lets the machines work and the due jobs run until neither has anything to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < 60; round++) {
      const jobs = await this.world.runDueJobs()
      const work = await this.round()
      if (jobs + work === 0) return
    }
    throw new Error(`it does not come to rest: ${this.history.slice(-8).join('; ')}`)
  }

  /** One look of every node at its list and its commands; returns how much there was to do. */
  async round(): Promise<number> {
    const nodes = await this.world.db.node.findMany({ where: { removedAt: null, status: 'online' } })
    let did = 0
    for (const node of nodes) {
      if (this.behaviour.silent.has(node.name)) continue
      const { list } = await nodeAssignments({ db: this.world.db, nodeId: node.id })
      for (const assignment of list) did += await this.obey(node, assignment)
      for (const command of await pendingCommands({ sys: this.world.sys, nodeId: node.id }))
        did += await this.carryOut(node, command.id, command.body)
    }
    return did
  }

  private async obey(node: { id: string; name: string }, a: Assignment): Promise<number> {
    const seen = this.#seen.get(a.replicaId) ?? { phase: 'pending', seq: 0 }
    const over = seen.phase === 'exited' || seen.phase === 'failed'
    if (a.desired === 'stop') {
      if (over || this.behaviour.stuckOn.has(node.name)) return 0
      this.history.push(`end ${a.workloadName} on ${node.name}`)
      this.#alive.get(a.workloadId)?.delete(a.replicaId)
      return this.tell(node.id, a, seen, seen.phase === 'pending' ? 'failed' : 'exited', 143)
    }
    if (over || seen.phase === 'running' || seen.phase === 'ready') return 0
    if (this.behaviour.failsOn.has(node.name)) {
      this.history.push(`fail ${a.workloadName} on ${node.name}`)
      return this.tell(node.id, a, seen, 'failed', 1)
    }
    this.history.push(`start ${a.workloadName} on ${node.name}`)
    const alive = this.#alive.get(a.workloadId) ?? new Set()
    alive.add(a.replicaId)
    this.#alive.set(a.workloadId, alive)
    this.most.set(a.workloadName, Math.max(this.most.get(a.workloadName) ?? 0, alive.size))
    const { kind } = await this.world.db.workload.findUniqueOrThrow({ where: { id: a.workloadId } })
    await this.tell(node.id, a, seen, kind === 'service' ? 'ready' : 'running', null)
    const step = 'step' in this.behaviour.checkpoint ? this.behaviour.checkpoint.step : 0
    await appendLogs({
      sys: this.world.sys,
      nodeId: node.id,
      batch: {
        replicaId: a.replicaId,
        generation: a.generation,
        dropped: 0,
        lines: [`resuming from checkpoint-${step} (step ${step})`, `step=${step + 1} loss=1.25`].map((text, seq) => ({
          seq,
          atMs: this.world.sys.now().getTime(),
          stream: 'stdout' as const,
          text,
        })),
      },
    })
    return 1
  }

  /** A replica ends by itself, as if its work were done or had failed. */
  async endByItself(replicaId: string, exitCode: number): Promise<void> {
    const replica = await this.world.db.replica.findUniqueOrThrow({ where: { id: replicaId } })
    const { list } = await nodeAssignments({ db: this.world.db, nodeId: replica.nodeId })
    const assignment = list.find((a) => a.replicaId === replicaId)
    if (!assignment) throw new Error('that replica is on no list')
    this.#alive.get(replica.workloadId)?.delete(replicaId)
    await this.tell(
      replica.nodeId,
      assignment,
      this.#seen.get(replicaId) ?? { phase: 'running', seq: 1 },
      'exited',
      exitCode,
    )
  }

  private async tell(
    nodeId: string,
    a: Assignment,
    seen: Seen,
    phase: ReplicaPhase,
    exitCode: number | null,
  ): Promise<number> {
    const now = this.world.sys.now().getTime()
    const seq = seen.seq + 1
    const ended = phase === 'exited' || phase === 'failed'
    const status: ReplicaStatus = {
      replicaId: a.replicaId,
      generation: a.generation,
      seq,
      phase,
      atMs: now,
      startedAtMs: now,
      finishedAtMs: ended ? now : null,
      exitCode,
      signal: null,
      oomKilled: ended ? false : null,
      restarts: 0,
      gpuVerified: true,
      endpoints: [],
      reason: phase === 'failed' ? { code: 'start-failed', message: 'It could not be started.' } : null,
    }
    this.#seen.set(a.replicaId, { phase, seq })
    await applyReplicaStatuses({ sys: this.world.sys, nodes: [{ nodeId, statuses: [status] }] })
    return 1
  }

  private async carryOut(node: { id: string; name: string }, id: string, body: CommandBody): Promise<number> {
    this.history.push(`${body.kind} on ${node.name}`)
    const answer = this.answer(node.name, body)
    const finishedAtMs = this.world.sys.now().getTime()
    await applyCommandResult({ sys: this.world.sys, nodeId: node.id, result: { id, ...answer, finishedAtMs } })
    return 1
  }
  private answer(node: string, body: CommandBody): Pick<CommandResult, 'outcome' | 'message' | 'data'> {
    const { checkpoint, blind } = this.behaviour
    if (body.kind === 'checkpoint') {
      if ('failed' in checkpoint) return { outcome: 'failed', message: checkpoint.failed, data: null }
      const path = `/data/checkpoints/x/checkpoint-${checkpoint.step}`
      return { outcome: 'succeeded', message: null, data: { step: checkpoint.step, path, sizeMib: 10, atMs: 1 } }
    }
    if (body.kind !== 'probe-paths') return { outcome: 'refused', message: 'not here', data: null }
    const paths = body.paths.map((path) => ({
      path,
      exists: !blind.has(node),
      outside: false,
      kind: 'dir' as const,
      sizeMib: null,
    }))
    return { outcome: 'succeeded', message: null, data: { paths } }
  }
}
