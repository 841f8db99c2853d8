import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { command, commandResult } from '@clawbernetes/protocol/node/commands'
import * as z from 'zod'
import { privateFolder, readJson, writeJson } from '../state/atomic-file'

/** A command that this node took. `baseline` is what a checkpoint command saw before it asked: kept so that it asks once. */
export const commandRecord = z.object({
  command,
  takenAtMs: z.number(),
  baseline: z.object({ step: z.number().nullable(), askedAtMs: z.number() }).nullable(),
  result: commandResult.nullable(),
  acknowledged: z.boolean(),
})
export type CommandRecord = z.infer<typeof commandRecord>

/** A result is kept this long after the command could last arrive again. */
const KEEP_MS = 24 * 3_600_000
const KEEP_COUNT = 1_000

/** Commands by id, on disk before anything is done: a repeat is recognised across restarts. */
export class CommandJournal {
  readonly #records = new Map<string, CommandRecord>()

  private constructor(private readonly folder: string) {}

  static async open(stateDir: string): Promise<CommandJournal> {
    const journal = new CommandJournal(join(stateDir, 'commands'))
    await privateFolder(journal.folder)
    for (const name of await readdir(journal.folder)) {
      if (name.endsWith('.tmp')) await rm(join(journal.folder, name), { force: true })
      if (!name.endsWith('.json')) continue
      const record = await readJson(join(journal.folder, name), commandRecord)
      if (record) journal.#records.set(record.command.id, record)
    }
    return journal
  }

  get(id: string): CommandRecord | null {
    return this.#records.get(id) ?? null
  }

  unfinished(): CommandRecord[] {
    return [...this.#records.values()].filter((record) => record.result === null)
  }

  unacknowledged(): CommandRecord[] {
    return [...this.#records.values()].filter((record) => record.result !== null && !record.acknowledged)
  }

  async write(record: CommandRecord): Promise<void> {
    this.#records.set(record.command.id, record)
    await writeJson(this.#path(record.command.id), record)
  }

  /** Forgets acknowledged results that can no longer be asked for, and the oldest beyond a bound. */
  async prune(nowMs: number): Promise<void> {
    const done = [...this.#records.values()]
      .filter((record) => record.acknowledged)
      .sort((a, b) => a.takenAtMs - b.takenAtMs)
    const surplus = Math.max(0, done.length - KEEP_COUNT)
    for (const [i, record] of done.entries()) {
      if (i >= surplus && record.command.expiresAtMs + KEEP_MS > nowMs) continue
      this.#records.delete(record.command.id)
      await rm(this.#path(record.command.id), { force: true })
    }
  }

  #path(id: string): string {
    return join(this.folder, `${encodeURIComponent(id)}.json`)
  }
}
