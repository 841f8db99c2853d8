import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createContext } from '@/trpc/context'
import { appRouter } from '@/trpc/router'

export const dynamic = 'force-dynamic'

const handle = (request: Request): Promise<Response> =>
  fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: () => createContext(request.headers),
    responseMeta: ({ ctx }) => ({
      headers: new Headers({
        'cache-control': 'no-store',
        'x-server-time': String(Date.now()),
        ...(ctx ? { 'x-request-id': ctx.requestId } : {}),
      }),
    }),
  })

export { handle as GET, handle as POST }
