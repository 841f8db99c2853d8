/** What the process ends with; documented in docs/cli.md, and the same in every release. */
export const EXIT = {
  ok: 0,
  /** Something failed: a plan, a turn, the server, this program. */
  failed: 1,
  /** The command line does not fit. */
  usage: 2,
  /** A plan waits for approval. */
  waiting: 3,
  /** The server refused: rights, scope, policy, or the fleet moved. */
  refused: 4,
  /** There is no such thing. */
  notFound: 5,
  /** Somebody decided before you. */
  decided: 6,
  /** No API key, or one that holds no longer. */
  key: 7,
  /** No address, nobody answers there, or too busy: try again. */
  unreachable: 8,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends the command with words on the error stream. */
export class ClawError extends Error {
  constructor(
    readonly exit: ExitCode,
    message: string,
  ) {
    super(message)
    this.name = 'ClawError'
  }
}
