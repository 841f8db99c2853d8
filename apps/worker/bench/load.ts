// Node agents of a bench in a process of their own, so that their CPU is not counted as the gateway's.
import { createPrivateKey, sign } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AGENTS_PATH, type Ack, proofText } from '@clawbernetes/protocol/node/session'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import { PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import { io, type Socket } from 'socket.io-client'
import { benchSample } from './bench-samples'

export interface LoadOrder {
  port: number
  ticks: number
  intervalMs: number
  nodes: { id: string; num: number; privateKeyPem: string; inventory: Inventory }[]
}
export type LoadReport =
  | { kind: 'connected'; nodes: number }
  | { kind: 'done'; sent: number; lost: number; ackP50Ms: number; ackP99Ms: number }

const AT_ONCE = 25

process.on('message', (order: LoadOrder) => {
  run(order).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function run(order: LoadOrder): Promise<void> {
  const sockets: Socket[] = []
  for (let i = 0; i < order.nodes.length; i += AT_ONCE)
    sockets.push(...(await Promise.all(order.nodes.slice(i, i + AT_ONCE).map((node) => connect(order.port, node)))))
  report({ kind: 'connected', nodes: sockets.length })
  const acks: number[] = []
  let lost = 0
  await Promise.all(
    order.nodes.map(async (node, i) => {
      const gpus = node.inventory.gpus
      // Spread over the interval, as real nodes are.
      await sleep((i / order.nodes.length) * order.intervalMs)
      for (let tick = 0; tick < order.ticks; tick++) {
        const startedAt = performance.now()
        const batch = {
          seq: tick,
          bootId: 'bench',
          samples: [benchSample({ num: node.num, gpus }, Date.now())],
          dropped: 0,
        }
        const answer = (await sockets[i]
          ?.timeout(30_000)
          .emitWithAck('telemetry', batch)
          .catch(() => null)) as Ack<unknown> | null
        if (answer?.ok) acks.push(performance.now() - startedAt)
        else lost++
        await sleep(Math.max(0, order.intervalMs - (performance.now() - startedAt)))
      }
    }),
  )
  acks.sort((a, b) => a - b)
  const at = (share: number) => acks[Math.min(acks.length - 1, Math.floor(acks.length * share))] ?? 0
  report({ kind: 'done', sent: acks.length, lost, ackP50Ms: at(0.5), ackP99Ms: at(0.99) })
  for (const socket of sockets) socket.disconnect()
}

const report = (message: LoadReport) => process.send?.(message)

async function connect(port: number, node: LoadOrder['nodes'][number]): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${port}`, {
    path: AGENTS_PATH,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { nodeId: node.id, protocol: PROTOCOL_VERSION, agentVersion: 'bench' },
  })
  const { nonce } = await new Promise<{ nonce: string }>((resolve, reject) => {
    socket.once('challenge', resolve)
    socket.once('connect_error', reject)
  })
  const signature = sign(null, Buffer.from(proofText(node.id, nonce)), createPrivateKey(node.privateKeyPem)).toString(
    'base64',
  )
  const hello = {
    protocol: PROTOCOL_VERSION,
    agentVersion: 'bench',
    agentBootId: 'bench',
    epoch: 0,
    inventory: node.inventory,
    replicas: [],
    results: [],
  }
  for (const [name, message] of [
    ['prove', { signature }],
    ['hello', hello],
  ] as const) {
    const answer = (await socket.timeout(60_000).emitWithAck(name, message)) as Ack<unknown>
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  }
  return socket
}
