import type { Command, CommandData, CommandKind, CommandResult } from '@clawbernetes/protocol/node/commands'
import type { Refusal } from '@clawbernetes/protocol/node/session'
import { type AgentLog, reasonOf } from '../agent-log'
import type { Clock } from '../clock'
import { deliver } from '../connection/deliver'
import type { GatewayConnection } from '../connection/gateway-connection'
import { Wake } from '../wake'
import type { CommandJournal, CommandRecord } from './command-journal'

/** hello takes so many results, and only as much of their data as leaves room for the rest. */
const HELLO_RESULTS = 256
const HELLO_BYTES = 512 * 1024

/** A command that cannot do what it was asked, with a sentence for a person. */
export class CommandError extends Error {
  constructor(
    readonly outcome: 'failed' | 'refused' | 'expired',
    message: string,
  ) {
    super(message)
  }
}

export interface CommandContext {
  record: CommandRecord
  /** Writes the record before going on. */
  remember(patch: Partial<Pick<CommandRecord, 'baseline'>>): Promise<void>
  signal: AbortSignal
}
export type CommandHandlers = {
  [K in CommandKind]: (body: Extract<Command['body'], { kind: K }>, context: CommandContext) => Promise<CommandData<K>>
}

/**
 * Does what is done once. A command is on disk before it is acknowledged and its result before it is sent; a repeat of a
 * known id does nothing but send the result again. After a restart an unfinished one is taken up again: every kind is
 * either reading or, for a checkpoint, remembers what it had asked for.
 */
export class CommandLoop {
  readonly #running = new Map<string, Promise<void>>()
  readonly #wake = new Wake()

  constructor(
    private readonly journal: CommandJournal,
    private readonly handlers: CommandHandlers,
    private readonly epoch: () => number,
    private readonly connection: Pick<GatewayConnection, 'online' | 'send'>,
    private readonly log: AgentLog,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /** Takes a command; resolves when it is on disk. */
  async take(command: Command): Promise<Refusal | null> {
    const known = this.journal.get(command.id)
    if (known) {
      if (known.result) {
        await this.journal.write({ ...known, acknowledged: false })
        this.#wake.wake()
      }
      return null
    }
    const record: CommandRecord = {
      command,
      takenAtMs: this.clock.now(),
      baseline: null,
      result: null,
      acknowledged: false,
    }
    await this.journal.write(record)
    this.#start(record)
    return null
  }

  /** Results for hello, within its bounds; the others follow on their own. */
  unacknowledged(): CommandResult[] {
    const results: CommandResult[] = []
    let bytes = 0
    for (const { result } of this.journal.unacknowledged()) {
      if (!result || results.length >= HELLO_RESULTS) break
      bytes += JSON.stringify(result).length
      if (bytes > HELLO_BYTES) break
      results.push(result)
    }
    return results
  }

  async acknowledged(results: CommandResult[]): Promise<void> {
    for (const { id, finishedAtMs } of results) {
      const record = this.journal.get(id)
      if (record?.result?.finishedAtMs === finishedAtMs) await this.journal.write({ ...record, acknowledged: true })
    }
    await this.journal.prune(this.clock.now())
  }

  wake(): void {
    this.#wake.wake()
  }

  async run(): Promise<void> {
    for (const record of this.journal.unfinished()) this.#start(record)
    while (!this.signal.aborted) {
      const [waiting] = this.journal.unacknowledged()
      if (!waiting?.result || !this.connection.online) {
        await this.#wake.sleep(null, this.clock, this.signal)
        continue
      }
      const { result } = waiting
      const outcome = await deliver(
        'a command result',
        () => this.connection.send('command-result', result),
        this.log,
        this.clock,
        this.signal,
      )
      if (outcome === 'offline') await this.#wake.sleep(1_000, this.clock, this.signal)
      else await this.acknowledged([result])
    }
    await Promise.all(this.#running.values())
  }

  #start(record: CommandRecord): void {
    const { id } = record.command
    if (this.#running.has(id)) return
    const work = this.#do(record)
      .catch((error: unknown) => this.log.warn(`Command ${id}: ${reasonOf(error)}`))
      .finally(() => this.#running.delete(id))
    this.#running.set(id, work)
  }

  async #do(record: CommandRecord): Promise<void> {
    const { command } = record
    let current = record
    const remember = async (patch: Partial<CommandRecord>) => {
      current = { ...current, ...patch }
      await this.journal.write(current)
    }
    const finish = (outcome: CommandResult['outcome'], message: string | null, data: CommandResult['data']) =>
      remember({
        result: {
          id: command.id,
          outcome,
          message: message?.slice(0, 600) ?? null,
          data,
          finishedAtMs: this.clock.now(),
        },
      })
    try {
      if (command.epoch < this.epoch())
        throw new CommandError(
          'refused',
          `The command is of epoch ${command.epoch}, this node has accepted epoch ${this.epoch()}.`,
        )
      if (this.clock.now() > command.expiresAtMs && record.baseline === null)
        throw new CommandError('expired', 'The command arrived after it had expired.')
      const data = await this.#dispatch({ ...command }, { record: current, remember, signal: this.signal })
      await finish('succeeded', null, data as CommandResult['data'])
    } catch (error) {
      // Stopping is not failing: the next start takes it up again.
      if (this.signal.aborted) return
      const outcome = error instanceof CommandError ? error.outcome : 'failed'
      await finish(outcome, reasonOf(error), null)
    }
    this.#wake.wake()
  }

  #dispatch(command: Command, context: CommandContext): Promise<CommandData<CommandKind>> {
    const handler = this.handlers[command.body.kind] as (
      body: Command['body'],
      context: CommandContext,
    ) => Promise<CommandData<CommandKind>>
    return handler(command.body, context)
  }
}
