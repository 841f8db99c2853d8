import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from '../harness/fixtures'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 360, height: 740 }
const SETTINGS = [
  'members',
  'nodes',
  'api-keys',
  'secrets',
  'planner',
  'policy',
  'channels',
  'organization',
  'appearance',
]

async function places(page: Page): Promise<string[]> {
  const { request } = page
  const first = async (path: string, input: unknown): Promise<string | null> => {
    const answer = await request.get(`/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`)
    const body = (await answer.json()) as { result?: { data?: { json?: { id?: string }[] } } }
    return body.result?.data?.json?.[0]?.id ?? null
  }
  const node = await first('fleet.nodes', null)
  const workload = await first('workloads.list', { view: 'all', limit: 1 })
  const plan = await first('plans.list', { view: 'all', limit: 1 })
  const thread = await first('chat.threads', { limit: 1 })
  return [
    '/fleet',
    '/fleet?view=grid',
    '/fleet?view=table',
    '/fleet?q=name:nothing-is-called-so',
    ...(node ? [`/nodes/${node}`] : []),
    '/gpus',
    '/workloads',
    ...(workload ? [`/workloads/${workload}`, `/workloads/${workload}?tab=logs`] : []),
    '/approvals',
    ...(plan ? [`/plans/${plan}`] : []),
    '/plans/there-is-none',
    '/audit',
    '/chat',
    ...(thread ? [`/chat/${thread}`] : []),
    '/chat/there-is-none',
    '/chat?list=1',
    '/welcome',
    '/more',
    ...SETTINGS.map((tab) => `/settings?tab=${tab}`),
  ]
}

/** The page is there and nothing in it is still on its way. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('main')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: /^Loading/ })).toHaveCount(0)
}

async function problems(page: Page, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(TAGS)
    .options({ resultTypes: ['violations'] })
    // One frame and no page of its own to finish in: three times as quick, and there are no frames here.
    .setLegacyMode(true)
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${where} · ${id}: ${node.target.join(' ')}`))
}

/** How far the page, or the part of it that scrolls, goes beyond its right edge. */
const sidewaysPx = (page: Page) =>
  page.evaluate(() => {
    const main = document.querySelector('main')
    const inMain = main ? main.scrollWidth - main.clientWidth : 0
    return Math.max(inMain, document.documentElement.scrollWidth - window.innerWidth)
  })

test('axe finds nothing on any page, wide and light as on a phone and dark', async ({ page }) => {
  test.setTimeout(240_000)
  const found: string[] = []
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
  for (const place of await places(page)) {
    await page.setViewportSize(WIDE)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(place)
    await settled(page)
    found.push(...(await problems(page, place)))
    await page.setViewportSize(NARROW)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()
    found.push(...(await problems(page, `${place} on a phone`)))
    if ((await sidewaysPx(page)) > 0) found.push(`${place} · scrolls sideways`)
  }
  expect(found).toEqual([])
})

test('the other two looks are without barriers where it matters most', async ({ page }) => {
  const found: string[] = []
  for (const [viewport, colorScheme] of [
    [WIDE, 'dark'],
    [NARROW, 'light'],
  ] as const) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const place of ['/fleet', '/approvals', '/chat', '/settings?tab=members']) {
      await page.goto(place)
      await settled(page)
      found.push(...(await problems(page, `${place} ${colorScheme}`)))
    }
  }
  expect(found).toEqual([])
})

test('no page is wider than the smallest phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  const wide: string[] = []
  for (const place of ['/fleet', '/gpus', '/workloads', '/approvals', '/chat', '/audit', '/settings', '/welcome']) {
    await page.goto(place)
    await settled(page)
    if ((await sidewaysPx(page)) > 0) wide.push(place)
  }
  expect(wide).toEqual([])
})

test('dialogs, menus and the palette are without barriers', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('/fleet')
  await settled(page)
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search or run' }).getByRole('combobox')
  await palette.fill('node')
  await expect(page.getByRole('option').first()).toBeVisible()
  const found = await problems(page, 'palette')
  await page.keyboard.press('Escape')
  await page.getByRole('main').click({ position: { x: 3, y: 3 } })
  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  found.push(...(await problems(page, 'shortcuts')))
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /Organisation/ }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  found.push(...(await problems(page, 'menu')))
  await page.keyboard.press('Escape')
  await page.goto('/gpus')
  await settled(page)
  await page
    .getByRole('main')
    .getByRole('link', { name: /GPU|\d/ })
    .first()
    .click()
  await expect(page.getByRole('dialog')).toBeVisible()
  found.push(...(await problems(page, 'GPU sheet')))
  expect(found).toEqual([])
})

test('with reduced motion nothing moves, and with forced colours everything is still there', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' })
  for (const place of ['/fleet', '/chat', '/approvals']) {
    await page.goto(place)
    await settled(page)
    expect(await page.evaluate(() => document.getAnimations().length), place).toBe(0)
  }
  const plain = await page
    .getByRole('button', { name: /Search or run/ })
    .evaluate((button) => getComputedStyle(button).borderTopStyle)
  expect(plain).toBe('solid')
})

test('p holds the page still and lets it move again', async ({ page }) => {
  await page.goto('/fleet')
  await settled(page)
  await page.getByRole('main').click({ position: { x: 3, y: 3 } })
  await page.keyboard.press('p')
  const paused = page.getByRole('button', { name: /Paused/ })
  await expect(paused).toBeVisible()
  await paused.click()
  await expect(paused).toHaveCount(0)
})
