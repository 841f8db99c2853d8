import { conversation } from '../harness/conversation'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

/** Whatever happens here, the other tests find the product as it was. */
test.afterEach(async ({ page }) => {
  await page.request.post('/api/trpc/approvals.unfreeze', { data: { json: { reason: 'The test is over' } } })
})

test('the emergency stop is one key and a reason away, holds approvals and proposals, says so on every page, and is lifted', async ({
  page,
}) => {
  test.setTimeout(90_000)
  const chat = conversation(page)
  await chat.open()
  await chat.say('run `sleep 5` on node-08 with image busybox:1.36')
  const card = chat.card(/node-08/)
  await expect(card).toContainText('Needs approval', { timeout: 20_000 })

  const plan = (await card.getByRole('link', { name: /^PL-\d+ r1/ }).getAttribute('href')) ?? ''
  await page.goto('/fleet')
  await expect(page.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 })
  await page.keyboard.press('!')
  const dialog = page.getByRole('dialog', { name: 'Stop every action of the agent?' })
  await expect(dialog.getByLabel('Why')).toBeFocused()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.type('Only a drill')
  await page.keyboard.press('Enter')
  const banner = page.getByRole('status').filter({ hasText: 'Emergency stop' })
  await expect(banner).toContainText(/stopped every action of the agent .*: Only a drill/)

  await chat.open()
  await expect(banner).toBeVisible()
  await chat.say('run `sleep 5` on node-08 with image busybox:1.36')
  await expect(chat.log).toContainText(/pulled the emergency stop at .*Nothing is proposed until/, { timeout: 20_000 })
  await page.goto(plan)
  const group = page.getByRole('main').getByRole('group', { name: /^Decision for plan/ })
  await expect(page.getByRole('main').getByRole('article')).toContainText('The emergency stop is on.')
  await expect(group.getByRole('button', { name: 'Approve' })).toHaveAttribute('aria-disabled', 'true')
  expect(await accessibilityProblems(page)).toEqual([])

  await banner.getByRole('button', { name: 'Lift…' }).click()
  const lift = page.getByRole('dialog', { name: 'Lift the emergency stop?' })
  await lift.getByLabel('Why it is safe to go on').fill('The drill is over')
  await lift.getByRole('button', { name: 'Lift the stop' }).click()
  await expect(banner).toHaveCount(0)
  await expect(group.getByRole('button', { name: 'Approve' })).not.toHaveAttribute('aria-disabled', 'true')
})
