import 'server-only'
import { personCtx, resolveActor } from '@clawbernetes/services/identity/resolve-actor'
import { callerAddress } from './caller-address'

/** The caller of one request: one session lookup, shared by every procedure of a batch. */
export async function createContext(headers: Headers) {
  const signedIn = await resolveActor(headers)
  const address = callerAddress(headers)
  return { signedIn, call: signedIn ? personCtx(signedIn, address) : null, requestId: crypto.randomUUID() }
}

export type ApiContext = Awaited<ReturnType<typeof createContext>>
