import 'server-only'
import { type ErrorCode, ServiceError } from '@clawbernetes/services/errors'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import * as z from 'zod'
import type { ApiContext } from './context'

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]['code']

/** Services speak a handful of codes; this is the one place where they become HTTP. */
const TRPC_CODE: Record<ErrorCode, TrpcCode> = {
  invalid: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  expired: 'CONFLICT',
  'rate-limited': 'TOO_MANY_REQUESTS',
  'too-large': 'PAYLOAD_TOO_LARGE',
  unavailable: 'SERVICE_UNAVAILABLE',
}

/** What is wrong with an input, in one sentence instead of the validator's JSON; null: the error is of another kind. */
function firstIssue(cause: unknown): string | null {
  if (!(cause instanceof z.ZodError)) return null
  const [issue] = cause.issues
  if (!issue) return 'The input is not valid.'
  const where = issue.path.join('.')
  return where ? `${where}: ${issue.message}` : issue.message
}

const t = initTRPC.context<ApiContext>().create({
  transformer: superjson,
  errorFormatter({ shape, error, ctx }) {
    const service = error.cause instanceof ServiceError ? error.cause : null
    // What we did not foresee stays in the log; the browser gets an id to quote.
    const unforeseen = !service && error.code === 'INTERNAL_SERVER_ERROR'
    if (unforeseen) {
      const told = String(error.cause?.stack ?? error.message)
      console.error(
        JSON.stringify({ event: 'api.failed', requestId: ctx?.requestId, path: shape.data.path, error: told }),
      )
    }
    return {
      ...shape,
      message: unforeseen ? 'The server failed to answer.' : (firstIssue(error.cause) ?? shape.message),
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        requestId: ctx?.requestId ?? null,
        serviceCode: service?.code ?? null,
      },
    }
  },
})

const mapServiceErrors = t.middleware(async ({ next }) => {
  const result = await next()
  if (!result.ok && result.error.cause instanceof ServiceError) {
    const { cause } = result.error
    throw new TRPCError({ code: TRPC_CODE[cause.code], message: cause.message, cause })
  }
  return result
})

export const router = t.router
export const publicProcedure = t.procedure.use(mapServiceErrors)

/** Signed in and inside an organisation: what every screen of the app needs. `ctx.call` is what verbs take as `ctx`. */
export const orgProcedure = publicProcedure.use(({ ctx, next }) => {
  const { signedIn, call } = ctx
  if (!signedIn || !call) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in to go on.' })
  return next({ ctx: { ...ctx, signedIn, call } })
})
