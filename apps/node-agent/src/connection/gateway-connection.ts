import {
  AGENTS_PATH,
  type Ack,
  challenge,
  gatewayMessages,
  type Hello,
  type NodeMessage,
  type NodeMessageName,
  type Refusal,
  refusal,
  type Welcome,
  welcome,
} from '@clawbernetes/protocol/node/session'
import { assignments, type Assignments } from '@clawbernetes/protocol/node/replica'
import type { Command } from '@clawbernetes/protocol/node/commands'
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import { io, type Socket } from 'socket.io-client'
import { type AgentLog, reasonOf } from '../agent-log'
import type { Clock } from '../clock'
import { type Identity, signProof } from '../state/identity'
import { reconnectDelayMs } from './backoff'

const CONNECT_TIMEOUT_MS = 10_000
const ACK_TIMEOUT_MS = 15_000
/** A gateway that is away for days must not fill the log: after the first failure only every so many are told. */
const QUIET_ATTEMPTS = 40

/** The message did not get an answer: not connected, or the connection went while waiting. Send it again when online. */
export class OfflineError extends Error {}
/** The gateway answered and said no. */
export class RefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message)
  }
}

export interface ConnectionHandlers {
  /** Called for every connection, so that it tells what is true now. */
  hello(): Promise<Hello>
  welcomed(message: Welcome): Promise<void>
  /** Resolves when the list is on disk; the answer goes back to the gateway. */
  assignments(message: Assignments): Promise<Refusal | null>
  command(message: Command): Promise<Refusal | null>
  /** The gateway will not talk to this node again until somebody acts. */
  refusedForGood(refusal: Refusal): void
}

/**
 * One connection to the gateway, kept alive.
 *
 *   waiting → connecting → proving → greeting → online
 *      ↑__________|____________|__________|________|      any loss: wait (back-off, full jitter), connect again
 *                 a fatal refusal in any state → ended
 *
 * The server speaks first with a challenge; nothing but the proof and the hello is sent before both are answered.
 */
export class GatewayConnection {
  #socket: Socket | null = null
  #online = false
  /** Ends the wait for the current connection to be over: one that never came up says nothing when it is closed. */
  #giveUp: () => void = () => {}
  readonly #stopped = new AbortController()
  #running: Promise<void> | null = null

  constructor(
    private readonly identity: Identity,
    private readonly handlers: ConnectionHandlers,
    private readonly log: AgentLog,
    private readonly clock: Clock,
  ) {}

  get online(): boolean {
    return this.#online
  }

  start(): void {
    this.#running ??= this.#keepConnected()
  }

  async stop(): Promise<void> {
    this.#leave()
    await this.#running
  }

  /** Sends one message and resolves with the gateway's answer after it has stored it. */
  async send<K extends Exclude<NodeMessageName, 'prove' | 'hello'>>(
    name: K,
    message: NodeMessage<K>,
  ): Promise<unknown> {
    const socket = this.#socket
    // A socket that just closed would keep the message for a connection that never comes, and its answer's time limit with it.
    if (!this.#online || !socket?.connected) throw new OfflineError('not connected')
    return this.#ask(socket, name, message)
  }

  async #ask(socket: Socket, name: NodeMessageName, message: unknown): Promise<unknown> {
    let answer: Ack<unknown>
    try {
      answer = await socket.timeout(ACK_TIMEOUT_MS).emitWithAck(name, message)
    } catch {
      throw new OfflineError(`no answer to ${name}`)
    }
    if (answer?.ok === true) return answer.data
    const no = refusal.safeParse(answer?.error)
    const why = no.success
      ? no.data
      : { code: 'unexpected-answer', message: `The gateway's answer to ${name} was not understood.`, fatal: false }
    if (why.fatal) this.#end(why)
    throw new RefusedError(why)
  }

  async #keepConnected(): Promise<void> {
    let attempt = 0
    while (!this.#stopped.signal.aborted) {
      const { wasOnline, why } = await this.#connectOnce()
      if (this.#stopped.signal.aborted) return
      attempt = wasOnline ? 0 : attempt + 1
      if (attempt % QUIET_ATTEMPTS <= 1)
        this.log.warn(
          `${wasOnline ? 'Connection to the gateway lost' : 'No connection to the gateway'} (${why}); trying again.`,
        )
      await this.clock.sleep(reconnectDelayMs(attempt, this.clock.random()), this.#stopped.signal)
    }
  }

  /** Resolves when the connection is over, with whether it had come online and why it ended. */
  async #connectOnce(): Promise<{ wasOnline: boolean; why: string }> {
    const { url, path } = endpoint(this.identity.gatewayUrl)
    const auth = { nodeId: this.identity.nodeId, protocol: PROTOCOL_VERSION, agentVersion: PRODUCT_VERSION }
    const socket = io(url, {
      path,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT_MS,
      auth,
    })
    this.#socket = socket
    let cameOnline = false
    const over = new Promise<string>((resolve) => {
      socket.on('disconnect', (why) => {
        this.#online = false
        resolve(why)
      })
      socket.on('connect_error', (error) => {
        const no = refusal.safeParse((error as { data?: unknown }).data)
        if (no.success) this.#refused(no.data)
        resolve(reasonOf(error))
      })
      this.#giveUp = () => resolve('stopped')
    })
    this.#listen(socket)
    socket.on('challenge', (message: unknown) => {
      this.#greet(socket, message).then(
        () => {
          cameOnline = true
        },
        (error: unknown) => {
          if (!(error instanceof OfflineError)) this.log.warn(`The gateway did not take this node: ${reasonOf(error)}`)
          socket.disconnect()
        },
      )
    })
    const why = await over
    this.#online = false
    socket.removeAllListeners()
    socket.disconnect()
    return { wasOnline: cameOnline, why }
  }

  async #greet(socket: Socket, message: unknown): Promise<void> {
    const { nonce } = challenge.parse(message)
    await this.#ask(socket, 'prove', { signature: signProof(this.identity, nonce) })
    const answer = welcome.parse(await this.#ask(socket, 'hello', await this.handlers.hello()))
    await this.handlers.welcomed(answer)
    this.#online = socket.connected
    this.log.info(`Connected to ${this.identity.gatewayUrl} as ${answer.name}.`)
  }

  #listen(socket: Socket): void {
    const answer = async (ack: unknown, work: () => Promise<Refusal | null>) => {
      let no: Refusal | null
      try {
        no = await work()
      } catch (error) {
        no = { code: 'not-kept', message: reasonOf(error), fatal: false }
      }
      if (no) this.log.warn(`A message of the gateway was not taken: ${no.message}`)
      if (typeof ack === 'function') ack(no ? { ok: false, error: no } : { ok: true, data: null })
    }
    const malformed = (name: string): Refusal => ({
      code: 'malformed',
      message: `The message "${name}" does not have the form that protocol ${PROTOCOL_VERSION} asks for.`,
      fatal: false,
    })
    socket.on('assignments', (message: unknown, ack: unknown) =>
      answer(ack, async () => {
        const parsed = assignments.safeParse(message)
        return parsed.success ? this.handlers.assignments(parsed.data) : malformed('assignments')
      }),
    )
    socket.on('command', (message: unknown, ack: unknown) =>
      answer(ack, async () => {
        const parsed = gatewayMessages.command.safeParse(message)
        return parsed.success ? this.handlers.command(parsed.data) : malformed('command')
      }),
    )
    socket.on('refused', (message: unknown) => {
      const parsed = refusal.safeParse(message)
      if (parsed.success) this.#refused(parsed.data)
    })
  }

  #refused(no: Refusal): void {
    this.log.warn(`The gateway refused this node: ${no.message}`)
    if (no.fatal) this.#end(no)
  }

  #end(no: Refusal): void {
    if (this.#stopped.signal.aborted) return
    this.#leave()
    this.handlers.refusedForGood(no)
  }

  #leave(): void {
    this.#stopped.abort()
    this.#socket?.disconnect()
    this.#giveUp()
  }
}

/** A gateway may live below a path of a host (a reverse proxy): the socket's path goes behind it. */
function endpoint(gatewayUrl: string): { url: string; path: string } {
  const url = new URL(gatewayUrl)
  return { url: url.origin, path: `${url.pathname.replace(/\/+$/, '')}${AGENTS_PATH}` }
}
