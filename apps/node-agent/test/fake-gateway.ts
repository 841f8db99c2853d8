import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Command, CommandResult } from '@clawbernetes/protocol/node/commands'
import type { Assignment, Assignments, LogLine, ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import {
  AGENTS_PATH,
  ENROL_PATH,
  enrolRequest,
  type Hello,
  MAX_MESSAGE_BYTES,
  nodeMessages,
  type NodeMessageName,
  proofText,
  type Refusal,
} from '@clawbernetes/protocol/node/session'
import type { HealthEvent, TelemetryBatch } from '@clawbernetes/protocol/node/telemetry'
import { Server as SocketServer, type Socket } from 'socket.io'

export const TOKEN = 'cw_test_token_1'

/** The far side of the wire: a real socket.io server that checks what it gets and keeps it, with switches for trouble. */
export class FakeGateway {
  readonly hellos: Hello[] = []
  readonly statuses: ReplicaStatus[] = []
  readonly results: CommandResult[] = []
  readonly telemetry: TelemetryBatch[] = []
  readonly events: HealthEvent[] = []
  readonly inventories: Hello['inventory'][] = []
  readonly lines = new Map<string, Map<number, LogLine>>()
  /** Lines that came again with another text under the same number: must stay empty. */
  readonly conflicts: string[] = []
  readonly malformed: string[] = []
  proofs = { good: 0, bad: 0 }
  epoch = 1
  version = 0
  list: Assignment[] = []
  sampleIntervalMs = 250
  /** Answers nothing to these messages, as if the answer were lost after storing. */
  readonly mute = new Set<string>()
  /** Refuses these messages. */
  readonly refuse = new Map<string, Refusal>()
  /** Said instead of a challenge. */
  turnAway: Refusal | null = null
  keys = new Map<string, string>()
  #http: Server | null = null
  #io: SocketServer | null = null
  port = 0
  readonly sockets = new Set<Socket>()

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    this.#http = createServer((req, res) => {
      if (req.method !== 'POST' || req.url !== ENROL_PATH) return void res.writeHead(404).end()
      let body = ''
      req.on('data', (part) => {
        body += part
      })
      req.on('end', () => {
        const parsed = enrolRequest.safeParse(JSON.parse(body))
        const answer = (code: number, json: unknown) =>
          res.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(json))
        if (!parsed.success)
          return answer(400, { error: { code: 'malformed', message: parsed.error.message, fatal: true } })
        if (parsed.data.token !== TOKEN)
          return answer(403, { code: 'token-invalid', message: 'The join token is not valid.', fatal: true })
        const nodeId = `node_${randomBytes(6).toString('hex')}`
        this.keys.set(nodeId, parsed.data.publicKey)
        return answer(200, { nodeId, name: parsed.data.inventory.name, organization: 'Test' })
      })
    })
    this.#io = new SocketServer(this.#http, {
      path: AGENTS_PATH,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      serveClient: false,
    })
    this.#io.on('connection', (socket) => this.#connected(socket))
    await new Promise<void>((resolve) => this.#http?.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.#http.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.disconnect(true)
    await this.#io?.close()
    this.#io = null
  }

  get online(): boolean {
    return this.sockets.size > 0
  }

  async push(list: Assignment[], at: Partial<Pick<Assignments, 'epoch' | 'version'>> = {}): Promise<unknown> {
    this.list = list
    this.version = at.version ?? this.version + 1
    this.epoch = at.epoch ?? this.epoch
    return this.emit('assignments', { epoch: this.epoch, version: this.version, list })
  }

  command(command: Command): Promise<unknown> {
    return this.emit('command', command)
  }

  async emit(name: string, message: unknown): Promise<unknown> {
    const [socket] = this.sockets
    return socket?.timeout(5_000).emitWithAck(name, message)
  }

  /** The newest status of a replica. */
  status(replicaId: string): ReplicaStatus | undefined {
    return this.statuses
      .filter((s) => s.replicaId === replicaId)
      .reduce<ReplicaStatus | undefined>((a, b) => (a && a.seq > b.seq ? a : b), undefined)
  }

  logOf(replicaId: string): LogLine[] {
    return [...(this.lines.get(replicaId)?.values() ?? [])].sort((a, b) => a.seq - b.seq)
  }

  #connected(socket: Socket): void {
    if (this.turnAway) {
      socket.emit('refused', this.turnAway)
      return
    }
    const nonce = randomBytes(24).toString('base64')
    let proved = false
    const on = (name: NodeMessageName, store: (message: never) => unknown) =>
      socket.on(name, (message: unknown, ack: (answer: unknown) => void) => {
        const parsed = nodeMessages[name].safeParse(message)
        if (!parsed.success) {
          this.malformed.push(`${name}: ${parsed.error.message}`)
          return ack({ ok: false, error: { code: 'malformed', message: parsed.error.message, fatal: false } })
        }
        if (name !== 'prove' && !proved) return socket.disconnect(true)
        const no = this.refuse.get(name)
        if (no) return ack({ ok: false, error: no })
        const data = store(parsed.data as never)
        if (!this.mute.has(name)) ack({ ok: true, data: data ?? null })
      })
    on('prove', ({ signature }: { signature: string }) => {
      const { nodeId } = socket.handshake.auth as { nodeId: string }
      const key = createPublicKey({
        key: Buffer.from(this.keys.get(nodeId) ?? '', 'base64'),
        format: 'der',
        type: 'spki',
      })
      proved = verify(null, Buffer.from(proofText(nodeId, nonce)), key, Buffer.from(signature, 'base64'))
      this.proofs[proved ? 'good' : 'bad']++
      if (!proved) socket.disconnect(true)
    })
    on('hello', (message: Hello) => {
      this.hellos.push(message)
      this.statuses.push(...message.replicas)
      this.results.push(...message.results)
      this.sockets.add(socket)
      return {
        name: message.inventory.name,
        epoch: this.epoch,
        sampleIntervalMs: this.sampleIntervalMs,
        assignments: { epoch: this.epoch, version: this.version, list: this.list },
      }
    })
    on('telemetry', (batch: TelemetryBatch) => {
      this.telemetry.push(batch)
      return { seq: batch.seq }
    })
    on('replica-status', (message: { statuses: ReplicaStatus[] }) => void this.statuses.push(...message.statuses))
    on('health-events', (message: { events: HealthEvent[] }) => void this.events.push(...message.events))
    on('command-result', (result: CommandResult) => void this.results.push(result))
    on('inventory', (inventory: Hello['inventory']) => void this.inventories.push(inventory))
    on('logs', (batch: { replicaId: string; lines: LogLine[] }) => {
      const known = this.lines.get(batch.replicaId) ?? new Map<number, LogLine>()
      this.lines.set(batch.replicaId, known)
      for (const line of batch.lines) {
        const before = known.get(line.seq)
        if (before && before.text !== line.text)
          this.conflicts.push(`${batch.replicaId} ${line.seq}: "${before.text}" then "${line.text}"`)
        known.set(line.seq, line)
      }
    })
    socket.on('disconnect', () => this.sockets.delete(socket))
    socket.emit('challenge', { nonce })
  }
}
