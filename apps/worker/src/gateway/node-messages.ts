import { setTimeout as sleep } from 'node:timers/promises'
import { SAMPLE_INTERVAL_MS } from '@clawbernetes/domain/telemetry/freshness'
import { type NodeMessage, type NodeMessageName, type Refusal, nodeMessages } from '@clawbernetes/protocol/node/session'
import { recordHealthEvents } from '@clawbernetes/services/diagnosis/record-health-events'
import { applyCommandResult } from '@clawbernetes/services/fleet/apply-command-result'
import type { NodeGpu } from '@clawbernetes/services/fleet/apply-inventory'
import { nodeAssignments } from '@clawbernetes/services/fleet/node-assignments'
import { nodeHello } from '@clawbernetes/services/fleet/node-hello'
import { setGpuReadability } from '@clawbernetes/services/fleet/set-gpu-readability'
import { updateInventory } from '@clawbernetes/services/fleet/update-inventory'
import { appendLogs } from '@clawbernetes/services/workloads/append-logs'
import type { GatewayContext } from './gateway-context'
import type { NodeConnection } from './node-connections'
import { pushDesiredState } from './push-desired-state'
import { malformed, RATE_LIMITED, refusalOf } from './refusals'
import { TokenBucket } from './token-bucket'

/** An honest node agent waits for each answer and stays far below. */
const MESSAGES_PER_SECOND = 50
const MESSAGES_BURST = 300
/** More lines than this are taken slower, not refused: the agent's own buffer then says what it dropped. */
const LOG_LINES_PER_SECOND = 3_000
const LOG_LINES_BURST = 20_000
const MAX_LOG_WAIT_MS = 5_000

type Answer = { ok: true; data: unknown } | { ok: false; error: Refusal }
type Handlers = { [K in Exclude<NodeMessageName, 'prove'>]: (message: NodeMessage<K>) => Promise<Answer> }

const done = (data: unknown = null): Answer => ({ ok: true, data })
const no = (error: Refusal): Answer => ({ ok: false, error })
const HELLO_FIRST: Refusal = { code: 'hello-first', message: 'Say hello before anything else.', fatal: false }

/**
 * Takes the messages of one proven connection. What a message is about comes from the connection, never from the message:
 * a node can speak for itself alone.
 */
export function takeMessages(ctx: GatewayContext, connection: NodeConnection): void {
  const limit = new TokenBucket(MESSAGES_PER_SECOND, MESSAGES_BURST, Date.now())
  const handlers = handlersOf(ctx, connection)
  for (const name of Object.keys(handlers) as (keyof Handlers)[]) {
    connection.socket.on(
      name as never,
      (async (raw: unknown, ack: unknown) => {
        const answer = limit.take(Date.now()) ? await handle(ctx, connection, handlers, name, raw) : no(RATE_LIMITED)
        // Without an answer the node sends again after its next hello.
        if (!answer) return
        ctx.metrics.add(answer.ok ? 'messages' : 'messages_refused')
        if (typeof ack === 'function') ack(answer)
        if (!answer.ok && answer.error.fatal) connection.socket.disconnect(true)
        else if (answer.ok && name === 'hello') void pushDesiredState(ctx, connection)
      }) as never,
    )
  }
}

async function handle<K extends keyof Handlers>(
  ctx: GatewayContext,
  connection: NodeConnection,
  handlers: Handlers,
  name: K,
  raw: unknown,
): Promise<Answer | null> {
  const parsed = nodeMessages[name].safeParse(raw)
  if (!parsed.success) return no(malformed(name))
  if (name !== 'hello' && !connection.session) return no(HELLO_FIRST)
  try {
    return await handlers[name](parsed.data as NodeMessage<K>)
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal) return no(refusal)
    // Nothing was stored. A closed connection makes the agent keep what it has and tell its whole state when it is back.
    ctx.metrics.add('storage_failures')
    ctx.log.warn(
      { nodeId: connection.nodeId, message: name, error: String(error) },
      'a message could not be stored; its node will send it again',
    )
    connection.socket.disconnect(true)
    return null
  }
}

function handlersOf(ctx: GatewayContext, connection: NodeConnection): Handlers {
  const { sys } = ctx
  const { nodeId } = connection
  const lines = new TokenBucket(LOG_LINES_PER_SECOND, LOG_LINES_BURST, Date.now())
  return {
    hello: async (hello) => {
      const { name, gpus } = await nodeHello({ sys, nodeId, hello })
      const assignments = await nodeAssignments({ db: sys.db, nodeId })
      // Both at once: a bell that rings meanwhile must not push the list that the welcome carries.
      connection.session = { machineBootId: hello.inventory.bootId, ...gpuMaps(gpus) }
      connection.confirmed = `${assignments.epoch}:${assignments.version}`
      return done({ name, epoch: assignments.epoch, sampleIntervalMs: SAMPLE_INTERVAL_MS, assignments })
    },
    inventory: async (inventory) => {
      const gpus = await updateInventory({ sys, nodeId, inventory })
      if (connection.session) Object.assign(connection.session, { machineBootId: inventory.bootId, ...gpuMaps(gpus) })
      return done()
    },
    telemetry: async (batch) => {
      const { session } = connection
      if (!session) return no(HELLO_FIRST)
      await ctx.telemetry.add({
        nodeNum: connection.nodeNum,
        machineBootId: session.machineBootId,
        gpus: session.gpus,
        batch,
      })
      await noticeReadability(ctx, connection, batch)
      return done({ seq: batch.seq })
    },
    'replica-status': async ({ statuses }) => {
      const { foreign } = await ctx.statuses.add(nodeId, statuses)
      return foreign.length === 0 ? done() : no(notYours(foreign.join(', ')))
    },
    logs: async (batch) => {
      const appended = await appendLogs({ sys, nodeId, batch })
      if (!appended) return no(notYours(batch.replicaId))
      ctx.metrics.add('log_lines', appended.stored)
      if (appended.stored > 0) ctx.ringLogs(appended.orgId, appended.workloadId)
      const waitMs = Math.min(MAX_LOG_WAIT_MS, lines.owe(Date.now(), batch.lines.length))
      if (waitMs > 0) await sleep(waitMs)
      return done()
    },
    'health-events': async ({ events }) => {
      await recordHealthEvents({ sys, nodeId, events })
      return done()
    },
    'command-result': async (result) => {
      connection.confirmedCommands.delete(result.id)
      const known = await applyCommandResult({ sys, nodeId, result })
      return known
        ? done()
        : no({ code: 'unknown-command', message: `Command ${result.id} is not one of this node's.`, fatal: false })
    },
  }
}

const notYours = (ids: string): Refusal => ({
  code: 'unknown-replica',
  message: `Not a replica of this node: ${ids}. Nothing was changed for it.`,
  fatal: false,
})

function gpuMaps(gpus: NodeGpu[]) {
  return {
    gpus: new Map(gpus.map((gpu) => [gpu.uuid, { id: gpu.id, slot: gpu.slot }])),
    readability: new Map<string, string>(gpus.map((gpu) => [gpu.uuid, gpu.readability])),
  }
}

/** A GPU that turned unreadable between two inventories: the row follows at once, because placement reads it. */
async function noticeReadability(
  ctx: GatewayContext,
  connection: NodeConnection,
  batch: NodeMessage<'telemetry'>,
): Promise<void> {
  const { session } = connection
  const newest = batch.samples.at(-1)
  if (!session || !newest) return
  for (const sample of newest.gpus) {
    const gpu = session.gpus.get(sample.uuid)
    if (!gpu || session.readability.get(sample.uuid) === sample.readability) continue
    await setGpuReadability({ sys: ctx.sys, nodeId: connection.nodeId, gpuId: gpu.id, readability: sample.readability })
    session.readability.set(sample.uuid, sample.readability)
  }
}
