import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import {
  AGENTS_PATH,
  type Ack,
  ENROL_PATH,
  type Hello,
  type NodeMessageName,
  proofText,
  type Refusal,
  type Welcome,
} from '@clawbernetes/protocol/node/session'
import type { Assignments } from '@clawbernetes/protocol/node/replica'
import type { Command } from '@clawbernetes/protocol/node/commands'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import type { TelemetryBatch, TelemetrySample } from '@clawbernetes/protocol/node/telemetry'
import { PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import { io, type Socket } from 'socket.io-client'

/** A node agent of a few lines: speaks the real protocol over a real socket, and can be made to misbehave. */
export class FakeNode {
  readonly keys = generateKeyPairSync('ed25519')
  nodeId = ''
  name = ''
  socket: Socket | undefined
  welcome: Welcome | undefined
  readonly lists: Assignments[] = []
  readonly commands: Command[] = []
  readonly refusals: Refusal[] = []
  #seq = 0
  readonly bootId = `agent-${Math.random()}`

  constructor(
    readonly port: number,
    readonly inventory: Inventory,
  ) {}

  get publicKey(): string {
    return this.keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  }

  async enrol(
    token: string,
    over: Record<string, unknown> = {},
  ): Promise<{ status: number; body: { error?: Refusal; nodeId?: string; name?: string } }> {
    const response = await fetch(`http://127.0.0.1:${this.port}${ENROL_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token,
        protocol: PROTOCOL_VERSION,
        agentVersion: '0.1.0',
        publicKey: this.publicKey,
        inventory: this.inventory,
        ...over,
      }),
    })
    const body = (await response.json()) as { error?: Refusal; nodeId?: string; name?: string }
    if (response.ok) {
      this.nodeId = body.nodeId ?? ''
      this.name = body.name ?? ''
    }
    return { status: response.status, body }
  }

  /** Opens a socket and waits for the challenge. */
  async open({
    protocol = PROTOCOL_VERSION,
    nodeId = this.nodeId,
    auth,
  }: {
    protocol?: number
    nodeId?: string
    auth?: Record<string, unknown>
  } = {}): Promise<string> {
    const socket = io(`http://127.0.0.1:${this.port}`, {
      path: AGENTS_PATH,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: auth ?? { nodeId, protocol, agentVersion: '0.1.0' },
    })
    this.socket = socket
    socket.on('refused', (refusal: Refusal) => this.refusals.push(refusal))
    socket.on('assignments', (list: Assignments, ack: (a: Ack<null>) => void) => {
      this.lists.push(list)
      ack({ ok: true, data: null })
    })
    socket.on('command', (command: Command, ack: (a: Ack<null>) => void) => {
      this.commands.push(command)
      ack({ ok: true, data: null })
    })
    return new Promise((resolve, reject) => {
      socket.once('challenge', ({ nonce }: { nonce: string }) => resolve(nonce))
      socket.once('disconnect', (why) => reject(new Error(`disconnected: ${why}`)))
      socket.once('connect_error', reject)
    })
  }

  signature(nonce: string, key: KeyObject = this.keys.privateKey, nodeId = this.nodeId): string {
    return sign(null, Buffer.from(proofText(nodeId, nonce)), key).toString('base64')
  }

  async ask<T = unknown>(name: NodeMessageName, message: unknown, timeoutMs = 5000): Promise<Ack<T>> {
    if (!this.socket) throw new Error('not open')
    return (await this.socket.timeout(timeoutMs).emitWithAck(name, message)) as Ack<T>
  }

  /** The whole way to a node that is online. */
  async connect(over: Partial<Hello> = {}): Promise<Welcome> {
    const nonce = await this.open()
    const proven = await this.ask('prove', { signature: this.signature(nonce) })
    if (!proven.ok) throw new Error(proven.error.message)
    const answer = await this.ask<Welcome>('hello', this.helloMessage(over))
    if (!answer.ok) throw new Error(answer.error.message)
    this.welcome = answer.data
    return answer.data
  }

  helloMessage(over: Partial<Hello> = {}): Hello {
    return {
      protocol: PROTOCOL_VERSION,
      agentVersion: '0.1.0',
      agentBootId: this.bootId,
      epoch: 0,
      inventory: this.inventory,
      replicas: [],
      results: [],
      ...over,
    }
  }

  batch(samples: TelemetrySample[], over: Partial<TelemetryBatch> = {}): TelemetryBatch {
    return { seq: this.#seq++, bootId: this.bootId, samples, dropped: 0, ...over }
  }

  sample(atMs: number, over: Partial<TelemetrySample['gpus'][number]> = {}): TelemetrySample {
    return {
      atMs,
      gpus: this.inventory.gpus.map((gpu) => ({
        uuid: gpu.uuid,
        utilPct: 50,
        memUtilPct: 20,
        memUsedMib: 1600,
        tempC: 60,
        tempMarginC: 27,
        powerW: 250,
        smClockMhz: 1410,
        throttleMask: 0,
        readability: 'ok' as const,
        ...over,
      })),
      host: {
        cpuPct: 12,
        memUsedMib: 64_000,
        diskUsedMib: 100_000,
        netRxBytesPerS: 1_000_000,
        netTxBytesPerS: 2_000_000,
        load1: 3.5,
      },
      counters: [],
    }
  }

  disconnected(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.socket?.connected) return resolve()
      this.socket.once('disconnect', () => resolve())
    })
  }

  close(): void {
    this.socket?.removeAllListeners()
    this.socket?.disconnect()
  }
}
