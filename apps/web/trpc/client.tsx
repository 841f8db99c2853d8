'use client'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpLink, splitLink, TRPCClientError } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { useState, type ReactNode } from 'react'
import superjson from 'superjson'
import { setServerTime } from '@/ui/clock'
import type { AppRouter } from './router'

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()

export const SESSION_LOST_EVENT = 'clawbernetes:session-lost'

/** What the API says about a refusal, beside tRPC's own code. */
export type ApiError = { code: string; message: string; requestId: string | null }

export function toApiError(error: unknown): ApiError {
  if (error instanceof TRPCClientError) {
    const data = error.data as { serviceCode?: string; requestId?: string; code?: string } | null | undefined
    if (data?.serviceCode || data?.code)
      return {
        code: data.serviceCode ?? data.code ?? 'unknown',
        message: error.message,
        requestId: data.requestId ?? null,
      }
    return { code: 'unreachable', message: 'The server could not be reached.', requestId: null }
  }
  return { code: 'unknown', message: error instanceof Error ? error.message : String(error), requestId: null }
}

function watchSession(error: unknown): void {
  if (toApiError(error).code === 'UNAUTHORIZED') window.dispatchEvent(new Event(SESSION_LOST_EVENT))
}

const NOT_WORTH_RETRYING = new Set([
  'not-found',
  'forbidden',
  'invalid',
  'conflict',
  'UNAUTHORIZED',
  'BAD_REQUEST',
  'FORBIDDEN',
  'NOT_FOUND',
])

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: watchSession }),
    mutationCache: new MutationCache({ onError: watchSession }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && !NOT_WORTH_RETRYING.has(toApiError(error).code),
      },
    },
  })
}

const HTTP = {
  url: '/api/trpc',
  transformer: superjson,
  fetch: async (input: RequestInfo | URL | string, init?: object): Promise<Response> => {
    const response = await fetch(input, init)
    const serverTime = Number(response.headers.get('x-server-time'))
    if (serverTime > 0) setServerTime(serverTime)
    return response
  },
}

export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient)
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      // A message to the agent waits for nothing else that the page asks at the same moment.
      links: [
        splitLink({ condition: (op) => op.path === 'chat.send', true: httpLink(HTTP), false: httpBatchLink(HTTP) }),
      ],
    }),
  )
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
