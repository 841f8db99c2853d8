import 'server-only'
import { ServiceError } from '@clawbernetes/services/errors'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import type { ApiContext } from './context'

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]['code']

/** Services speak a handful of codes; this is the one place where they become HTTP. */
const TRPC_CODE: Record<ServiceError['code'], TrpcCode> = {
  'not-found': 'NOT_FOUND',
  forbidden: 'FORBIDDEN',
  conflict: 'CONFLICT',
  invalid: 'BAD_REQUEST',
  unavailable: 'SERVICE_UNAVAILABLE',
  'rate-limited': 'TOO_MANY_REQUESTS',
}

const t = initTRPC.context<ApiContext>().create({
  transformer: superjson,
  errorFormatter({ shape, error, ctx }) {
    const service = error.cause instanceof ServiceError ? error.cause : null
    // What we did not foresee stays in the log; the browser gets an id to quote.
    const unforeseen = !service && error.code === 'INTERNAL_SERVER_ERROR'
    if (unforeseen)
      console.error(
        JSON.stringify({
          event: 'api.failed',
          requestId: ctx?.requestId,
          path: shape.data.path,
          error: String(error.cause?.stack ?? error.message),
        }),
      )
    return {
      ...shape,
      message: unforeseen ? 'The server failed to answer.' : shape.message,
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
    throw new TRPCError({
      code: TRPC_CODE[result.error.cause.code],
      message: result.error.cause.message,
      cause: result.error.cause,
    })
  }
  return result
})

export const router = t.router
export const publicProcedure = t.procedure.use(mapServiceErrors)

/** Signed in and inside an organisation: what every screen of the app needs. `ctx.actor` is what verbs take as `ctx`. */
export const orgProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.session) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in to go on.' })
  return next({ ctx: { ...ctx, session: ctx.session, actor: ctx.session.actor } })
})
