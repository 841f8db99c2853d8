import 'server-only'
import { resolveActor } from '@clawbernetes/services/identity/resolve-actor'

/** The caller of one request. Cheap to make: one session lookup, shared by every procedure of a batch. */
export async function createContext(headers: Headers) {
  const session = await resolveActor({ headers })
  return { session, requestId: crypto.randomUUID() }
}

export type ApiContext = Awaited<ReturnType<typeof createContext>>
