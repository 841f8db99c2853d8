import type { Hello } from '@clawbernetes/protocol/node/session'
import { incompatibility } from '@clawbernetes/protocol/version'
import type { SystemCtx } from '../context'
import { notFound, ServiceError } from '../errors'
import { applyReplicaStatuses } from '../workloads/apply-replica-status'
import { applyCommandResult } from './apply-command-result'
import { applyInventory, type NodeGpu } from './apply-inventory'
import { lockNode } from './lock-node'
import { recordNodeEvent } from './record-node-event'
import { setNodeStatus } from './set-node-status'

export interface Greeted {
  name: string
  gpus: NodeGpu[]
}

/** A proven node says what is: its inventory, its replicas, the results of commands that nobody heard yet. */
export async function nodeHello({
  sys,
  nodeId,
  hello,
}: {
  sys: SystemCtx
  nodeId: string
  hello: Hello
}): Promise<Greeted> {
  const why = incompatibility(hello.protocol)
  if (why) {
    await markIncompatible({ sys, nodeId, reason: why })
    throw new ServiceError('conflict', why, { reason: 'incompatible' })
  }
  const greeted = await sys.db.$transaction(async (tx) => {
    const node = await lockNode(tx, nodeId)
    if (!node || node.removedAt) throw notFound('node')
    const gpus = await applyInventory(tx, sys, node, hello.inventory)
    const now = sys.now()
    const cameBack = node.status !== 'online'
    const updated = await tx.node.update({
      where: { id: nodeId },
      data: {
        status: 'online',
        statusReason: null,
        agentVersion: hello.agentVersion,
        agentBootId: hello.agentBootId,
        protocol: hello.protocol,
        connectedAt: now,
        lastSeenAt: now,
        ...(cameBack ? { version: { increment: 1 } } : {}),
      },
    })
    if (cameBack)
      await recordNodeEvent(tx, node, {
        kind: 'node.state',
        entityId: nodeId,
        entityVersion: updated.version,
        data: { status: 'online', reason: null },
      })
    return { name: node.name, gpus }
  })
  await applyReplicaStatuses({ sys, nodes: [{ nodeId, statuses: hello.replicas }] })
  for (const result of hello.results) await applyCommandResult({ sys, nodeId, result })
  return greeted
}

/** A node whose protocol is refused is shown as such, with the reason, until it comes with one that is understood. */
export async function markIncompatible({
  sys,
  nodeId,
  reason,
}: {
  sys: SystemCtx
  nodeId: string
  reason: string
}): Promise<void> {
  await setNodeStatus({ sys, nodeId, from: ['joining', 'online', 'offline', 'lost'], to: 'incompatible', reason })
}
