/** Every way a verb can fail, mapped once by each transport (tRPC, HTTP, socket, CLI). */
export type ErrorCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'expired'
  | 'rate-limited'
  | 'too-large'
  | 'unavailable'

/** A refusal in words for a person: what is wrong, where, what to do. `data` holds facts for the caller, never secrets. */
export class ServiceError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly data: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = 'ServiceError'
  }
}

/** Another organisation's id and an id that never was answer alike. */
export const notFound = (what: string) => new ServiceError('not-found', `There is no such ${what}.`)

/** What each code is over HTTP. */
export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  expired: 410,
  'too-large': 413,
  'rate-limited': 429,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>
