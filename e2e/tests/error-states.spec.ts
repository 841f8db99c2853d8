import type { Page, Route } from '@playwright/test'
import { arrive } from '../harness/arrive'
import { api, type WaitingPlan } from '../harness/api'
import { conversation } from '../harness/conversation'
import { expect, test } from '../harness/fixtures'
import { lookAround } from '../harness/looks'

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).first()

/** A page of the same person on which errors are expected. */
async function expectingErrors(page: Page): Promise<Page> {
  return page.context().newPage()
}

test('what is not there says so, without barriers', async ({ page }) => {
  test.setTimeout(90_000)
  const found: string[] = []
  for (const place of [
    '/nothing/at/this/address',
    '/nodes/there-is-none',
    '/workloads/there-is-none',
    '/plans/there-is-none',
    '/chat/there-is-none',
    '/invite/there-is-none',
    '/link/there-is-none',
  ]) {
    await page.goto(place)
    await expect(heading(page)).toBeVisible()
    await expect(page.getByRole('status').filter({ hasText: /^Loading/ })).toHaveCount(0)
    found.push(...(await lookAround(page, place)))
  }
  expect(found).toEqual([])
})

test('what is empty says so, without barriers', async ({ page }) => {
  test.setTimeout(90_000)
  const found: string[] = []
  for (const [place, words] of [
    ['/approvals?risk=critical&by=Nobody', /No plan matches|Nothing is waiting/],
    ['/approvals?tab=active', /Nothing is running|PL-/],
    ['/audit?target=nothing-is-called-so', 'No entry matches'],
    ['/workloads?q=nothing-is-called-so', 'No workload matches'],
    ['/fleet?view=table&q=name:nothing-is-called-so', /match/],
  ] as const) {
    await page.goto(place)
    await expect(page.getByRole('main').getByText(words).first()).toBeVisible()
    found.push(...(await lookAround(page, place)))
  }
  await page.goto('/fleet')
  await expect(page.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 })
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Search or run' }).getByRole('combobox').fill('zzqqxx nothing')
  found.push(...(await lookAround(page, 'palette without a hit')))
  expect(found).toEqual([])
})

/** Places with a call of theirs that fails. */
async function whatFails(page: Page, places: readonly (readonly [string, string])[]): Promise<string[]> {
  const failing = await expectingErrors(page)
  const refuse = (route: Route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{}' })
  const found: string[] = []
  for (const [place, call] of places) {
    const calls = (url: URL) => url.pathname.startsWith('/api/trpc/') && url.pathname.includes(call)
    await failing.route(calls, refuse)
    await failing.goto(place)
    await expect(failing.getByRole('alert').filter({ hasText: 'could not be' }).first()).toBeVisible({
      timeout: 20_000,
    })
    found.push(...(await lookAround(failing, `${place} failing`)))
    await failing.unroute(calls, refuse)
  }
  await failing.close()
  return found
}

test('a server that fails is told in the panel that failed, without barriers', async ({ page }) => {
  test.setTimeout(90_000)
  const found = await whatFails(page, [
    ['/fleet', 'fleet.'],
    ['/approvals', 'plans.list'],
    ['/audit', 'audit.list'],
    ['/workloads', 'workloads.list'],
  ])
  expect(found).toEqual([])
})

test('and so it is in Settings and in the list of conversations', async ({ page }) => {
  test.setTimeout(90_000)
  const found = await whatFails(page, [
    ['/settings?tab=secrets', 'secrets.list'],
    ['/settings?tab=channels', 'channels.list'],
    ['/settings?tab=api-keys', 'apiKeys.list'],
    ['/chat?list=1', 'chat.threads'],
  ])
  expect(found).toEqual([])
})

test('a page that breaks shows the crash boundary, without barriers', async ({ page }) => {
  const broken = await expectingErrors(page)
  // An answer that no server of ours gives: the list holds no plans but nothing.
  await broken.route(/\/api\/trpc\/[^?]*plans\.list/, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as unknown[]
    const spoiled = (Array.isArray(body) ? body : [body]).map(() => ({ result: { data: { json: [null] } } }))
    await route.fulfill({ response: answer, json: Array.isArray(body) ? spoiled : spoiled[0] })
  })
  await broken.goto('/approvals')
  // What stands around the page goes on.
  await expect(broken.getByRole('navigation', { name: 'Primary' })).toBeVisible()
  await expect(broken.getByRole('heading', { name: 'This page stopped working' })).toBeVisible()
  expect(await lookAround(broken, 'crash boundary')).toEqual([])
  await broken.close()
})

test('a lost connection and a session that ended are told, without barriers', async ({ page, browser, product }) => {
  test.setTimeout(90_000)
  const found: string[] = []
  const context = await browser.newContext({ baseURL: product.url, storageState: { cookies: [], origins: [] } })
  const person = await context.newPage()
  const { email, password } = product
  const origin = { origin: product.url }
  await person.request.post('/api/auth/sign-in/email', { data: { email, password }, headers: origin })
  await person.goto('/fleet')
  await expect(person.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 })
  await context.setOffline(true)
  await expect(person.getByText('Connection: Offline')).toBeAttached({ timeout: 20_000 })
  found.push(...(await lookAround(person, 'offline')))
  await context.setOffline(false)
  await expect(person.getByText('Connection: Live')).toBeAttached({ timeout: 30_000 })

  await context.clearCookies()
  await person.getByRole('navigation', { name: 'Primary' }).getByRole('link', { name: /Work/ }).click()
  const dialog = person.getByRole('dialog', { name: 'Sign in again' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  found.push(...(await lookAround(person, 'session ended')))
  await dialog.getByLabel('Password').fill('not the password')
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog.getByText('◆')).toBeVisible()
  found.push(...(await lookAround(person, 'session ended, wrong password')))
  await context.close()
  expect(found).toEqual([])
  await expect(page).toHaveURL('about:blank')
})

test('forms that are refused say what is wrong beside the field, without barriers', async ({ page, visitor }) => {
  test.setTimeout(90_000)
  const found: string[] = []
  await visitor.goto('/login')
  await visitor.getByLabel('E-mail').fill('nobody@clawbernetes.example')
  await visitor.getByLabel('Password', { exact: true }).fill('not the password at all')
  await visitor.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(visitor.getByRole('main').getByRole('alert')).not.toBeEmpty()
  found.push(...(await lookAround(visitor, 'sign-in refused')))

  await arrive(page, '/settings?tab=channels')
  await page.getByRole('button', { name: 'Connect Slack' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connect Slack' })
  await dialog.getByLabel('Bot token').fill('nonsense')
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(dialog.getByText('A bot token of Slack begins with xoxb-.')).toBeVisible()
  await expect(dialog.getByLabel('Bot token')).toBeFocused()
  found.push(...(await lookAround(page, 'channel with a wrong token')))

  await arrive(page, '/settings?tab=api-keys')
  await page.getByLabel('Name').fill('e2e without a scope')
  await page.getByRole('checkbox', { name: /^Read/ }).uncheck()
  await page.getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The key was not made')
  found.push(...(await lookAround(page, 'key without a scope')))
  expect(found).toEqual([])
})

/** A plan that waits, and its card with the server's answer changed to what time or another person would have made of it. */
async function cardAs(page: Page, id: string, change: object): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.route(/\/api\/trpc\/[^?]*plans\.read/, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as Answer | Answer[]
    for (const one of Array.isArray(body) ? body : [body]) Object.assign(one.result?.data?.json ?? {}, change)
    await route.fulfill({ response: answer, json: body })
  })
  await page.goto(`/plans/${id}`)
  await expect(page.getByRole('main').getByRole('article')).toBeVisible()
}
interface Answer {
  result?: { data?: { json?: { state?: string } } }
}

test('cards that can no longer be decided say why, without barriers', async ({ page }) => {
  test.setTimeout(150_000)
  const chat = conversation(page)
  await chat.open()
  await chat.say('cordon node-07')
  await expect(chat.card(/node-07/)).toContainText('Needs approval', { timeout: 20_000 })
  const { query, mutate } = api(page)
  const plan = (await query<WaitingPlan[]>('plans.list', { view: 'waiting', limit: 200 })).find(
    (known) => known.action === 'cordon_node',
  )
  if (!plan) throw new Error('no plan waits')
  const over = new Date(Date.now() - 60_000).toISOString()
  const article = page.getByRole('main').getByRole('article')
  const found: string[] = []
  for (const [name, change] of [
    ['expired', { state: 'expired', expiresAt: over, stateReason: 'Nobody decided in time.' }],
    ['stale', { state: 'stale', stateReason: 'node-07 is cordoned already.' }],
    ['drifted', { drift: [{ text: 'node-07 takes new work', was: 'yes', is: 'no' }] }],
    ['superseded', { latestRevision: plan.revision + 1 }],
    ['failed', { state: 'failed', stateReason: 'The node did not answer.' }],
    ['needs attention', { state: 'needs_attention', stateReason: 'What was done could not be taken back.' }],
    ['not permitted', { rights: { ...NO_RIGHTS, why: 'You asked for this; policy needs a second person.' } }],
  ] as const) {
    await cardAs(page, plan.id, change)
    found.push(...(await lookAround(page, `card ${name}`)))
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' })

  // A decision that the server refuses: somebody else's came first.
  await page.goto(`/plans/${plan.id}`)
  await expect(article.getByRole('group', { name: /^Decision for plan/ })).toHaveAttribute('data-inert', 'false')
  await page.route(/\/api\/trpc\/[^?]*approvals\.decide/, async (route) => {
    await mutate('approvals.decide', {
      planId: plan.id,
      revision: plan.revision,
      digest: plan.digest,
      decision: 'reject',
    })
    await route.continue()
  })
  await article.getByRole('button', { name: 'Reject…' }).click()
  await article.getByRole('form', { name: 'Reject this plan' }).getByRole('button', { name: 'Reject plan' }).click()
  await expect(article).toContainText(/Rejected by/)
  found.push(...(await lookAround(page, 'card rejected')))
  expect(found).toEqual([])
})

const NO_RIGHTS = {
  approve: false,
  reject: false,
  edit: false,
  cancel: false,
  undo: false,
  startNow: false,
  askAgain: false,
}
