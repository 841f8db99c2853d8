import type { Page } from '@playwright/test'
import { arrive } from '../harness/arrive'
import { api, emptyInbox, type WaitingPlan } from '../harness/api'
import { conversation } from '../harness/conversation'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

async function ask(page: Page, words: string): Promise<string> {
  const chat = conversation(page)
  await chat.open()
  await chat.say(words)
  const card = chat.log.getByRole('article').last()
  await expect(card).toContainText('Needs approval', { timeout: 20_000 })
  return /PL-\d+/.exec(await card.innerText())?.[0] ?? 'no label'
}

const rowOf = (page: Page, label: string) => page.locator('[data-plan-row]').filter({ hasText: label })

test('the inbox is narrowed and sorted in its address, and says when nothing fits', async ({ page }) => {
  await emptyInbox(page)
  const medium = await ask(page, 'cordon node-07')
  const high = await ask(page, `store a secret called e2e_inbox_${Date.now()}`)
  await arrive(page, '/approvals')
  await expect(rowOf(page, medium)).toBeVisible()
  await expect(rowOf(page, high)).toBeVisible()
  const filter = page.getByRole('group', { name: 'Filter' })
  await filter.getByLabel('Risk').selectOption('medium')
  await expect(rowOf(page, high)).toHaveCount(0)
  await expect(page).toHaveURL(/risk=medium/)
  await filter.getByLabel('Type').selectOption('cordon_node')
  await filter.getByLabel('Sort').selectOption('newest')
  await page.reload()
  await expect(page).toHaveURL(/sort=newest/)
  await expect(rowOf(page, medium)).toBeVisible()
  await expect(rowOf(page, high)).toHaveCount(0)
  await filter.getByLabel('Risk').selectOption('')
  await filter.getByLabel('Type').selectOption('')
  await expect(page.locator('[data-plan-row]').first()).toContainText(high)

  await arrive(page, '/approvals?by=Nobody%20of%20this%20name')
  await expect(page.getByText('No plan matches')).toBeVisible()
  await expect(page.getByText('without the filter for requested by Nobody of this name')).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).first().click()
  await expect(rowOf(page, medium)).toBeVisible()
  await emptyInbox(page)
})

test('h puts a plan off until a time before it expires, and it can be brought back', async ({ page }) => {
  await emptyInbox(page)
  const label = await ask(page, 'cordon node-07')
  await arrive(page, '/approvals')
  await expect(rowOf(page, label)).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('h')
  const dialog = page.getByRole('dialog', { name: `Snooze ${label}` })
  await expect(dialog.getByRole('button', { name: 'In 15 minutes' })).toBeFocused()
  expect(await accessibilityProblems(page)).toEqual([])
  await dialog.getByLabel('Until another time').fill('2199-01-01T10:00')
  await dialog.getByRole('button', { name: 'Snooze', exact: true }).click()
  await expect(dialog.getByText('the plan would expire before')).toBeVisible()
  await dialog.getByRole('button', { name: 'In 15 minutes' }).click()
  await expect(rowOf(page, label)).toHaveCount(0)
  await expect(page.getByText('The only one is snoozed')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: 'Show snoozed plans' }).click()
  await expect(rowOf(page, label)).toBeVisible()
  await emptyInbox(page)
})

interface Policy {
  document: { preset: string; edits: object }
  version: number
}

test('low-risk plans of one action are approved together with a record each, others are not', async ({ page }) => {
  test.setTimeout(90_000)
  await emptyInbox(page)
  const { query, mutate } = api(page)
  const before = await query<Policy>('policy.read')
  const set = async (document: Policy['document']) => {
    const { version } = await query<Policy>('policy.read')
    await mutate('policy.set', { document, expectedVersion: version })
  }
  await set({ ...before.document, preset: 'cautious' })
  try {
    const first = await ask(page, 'label node-03 tier=one')
    const second = await ask(page, 'label node-04 tier=two')
    const other = await ask(page, 'cordon node-07')
    await arrive(page, '/approvals?sort=newest')
    await expect(rowOf(page, other)).toBeVisible()

    // x marks what has the focus, whatever its risk; what cannot be approved with others says so.
    await rowOf(page, other).click()
    await page.keyboard.press('x')
    await page.getByRole('checkbox', { name: `Select ${first}` }).check()
    const bar = page.getByRole('group', { name: 'Selected plans' })
    await expect(bar).toContainText(`${other} is of medium risk: only low risk is approved together.`)
    // It can be pressed and answers with the reason; nothing is decided.
    await bar.getByRole('button', { name: 'Approve 2 selected' }).click({ force: true })
    await expect(rowOf(page, first)).toBeVisible()
    await page.getByRole('checkbox', { name: `Select ${other}` }).click()
    await page.getByRole('checkbox', { name: `Select ${second}` }).check()
    expect(await accessibilityProblems(page)).toEqual([])
    await bar.getByRole('button', { name: 'Approve 2 selected' }).click()
    await expect(page.getByRole('status').filter({ hasText: '2 approved.' })).toBeAttached()
    await expect(rowOf(page, first)).toHaveCount(0)
    await expect(rowOf(page, second)).toHaveCount(0)
    await expect(rowOf(page, other)).toBeVisible()
    const decided = await query<WaitingPlan[]>('plans.list', { view: 'all', limit: 20 })
    for (const label of [first, second]) {
      const { id } = decided.find((plan) => plan.label === label) ?? { id: '' }
      const read = await query<{ decisions: { decision: string; via: string }[] }>('plans.read', { planId: id })
      expect(read.decisions.map(({ decision, via }) => [decision, via])).toEqual([['approve', 'web']])
    }
  } finally {
    await set(before.document)
    await emptyInbox(page)
  }
})
