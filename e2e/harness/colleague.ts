import type { Browser, Page } from '@playwright/test'
import type { Running } from './running'

interface Answer {
  result?: { data?: { json?: { invitationId?: string } } }
}

/** Somebody else of the demo's organisation, signed in, with a page of their own; close its context when done. */
export async function colleague(
  { browser, page, product }: { browser: Browser; page: Page; product: Running },
  { name, role = 'approver' }: { name: string; role?: string },
): Promise<Page> {
  const email = `${name.toLowerCase()}-${Date.now()}@clawbernetes.example`
  const origin = { origin: product.url }
  const invited = await page.request.post('/api/trpc/members.invite', { data: { json: { email, role } } })
  const { result } = (await invited.json()) as Answer
  const invitationId = result?.data?.json?.invitationId
  if (!invitationId) throw new Error(`nobody could be invited: ${invited.status()} ${await invited.text()}`)
  const context = await browser.newContext({ baseURL: product.url, storageState: { cookies: [], origins: [] } })
  const post = async (path: string, data: unknown) => {
    const response = await context.request.post(`/api/auth${path}`, { data, headers: origin })
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`)
  }
  await post('/sign-up/email', { name, email, password: `of-${name}-and-long-enough` })
  await post('/organization/accept-invitation', { invitationId })
  return context.newPage()
}
