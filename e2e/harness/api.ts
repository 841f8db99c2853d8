import type { Page } from '@playwright/test'

/** The web's own API, as the signed-in person of a page: to set a stage, never to do what the test is about. */
export function api(page: Page) {
  const read = async (response: Awaited<ReturnType<Page['request']['get']>>): Promise<unknown> => {
    const body = (await response.json()) as { result?: { data?: { json?: unknown } } }
    if (!response.ok()) throw new Error(`${response.status()} ${JSON.stringify(body)}`)
    return body.result?.data?.json
  }
  return {
    query: async <T>(path: string, input: unknown = null): Promise<T> => {
      const asked = encodeURIComponent(JSON.stringify({ json: input }))
      return (await read(await page.request.get(`/api/trpc/${path}?input=${asked}`))) as T
    },
    mutate: async <T>(path: string, input: unknown): Promise<T> =>
      (await read(await page.request.post(`/api/trpc/${path}`, { data: { json: input } }))) as T,
  }
}

export interface WaitingPlan {
  id: string
  label: string
  revision: number
  digest: string
  action: string
  risk: string
}

/** Rejects whatever waits, so that a test starts with an empty inbox. */
export async function emptyInbox(page: Page): Promise<void> {
  const { query, mutate } = api(page)
  for (const { id, revision, digest } of await query<WaitingPlan[]>('plans.list', { view: 'waiting', limit: 200 }))
    await mutate('approvals.decide', { planId: id, revision, digest, decision: 'reject' })
}
