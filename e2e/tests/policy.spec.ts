import { accessibilityProblems, expect, test } from '../harness/fixtures'

test('a policy is tried on the past, reviewed line by line, saved, and found in the audit with before and after', async ({
  page,
}) => {
  test.setTimeout(90_000)
  await page.goto('/settings?tab=policy')
  const main = page.getByRole('main')
  const medium = main.getByLabel('Medium: approvals needed')
  await expect(medium).toBeVisible({ timeout: 20_000 })
  expect(await accessibilityProblems(page)).toEqual([])
  const before = await medium.inputValue()
  const wanted = before === '2' ? '3' : '2'

  await test.step('a draft is tried, and outlives a look at another page', async () => {
    await medium.fill(wanted)
    await main.getByRole('button', { name: 'Try it on the last 30 days' }).click()
    await expect(
      main.getByRole('status').filter({ hasText: /Would have run by itself|No plan was proposed/ }),
    ).toBeVisible()
    await main.getByRole('tab', { name: 'Members' }).click()
    await main.getByRole('tab', { name: 'Policy' }).click()
    await expect(medium).toHaveValue(wanted)
    await expect(main).toContainText('1 unsaved change')
  })

  await test.step('high risk cannot be made to run by itself', async () => {
    const options = await main.getByLabel('High: answer').locator('option').allInnerTexts()
    expect(options).toEqual(['Ask', 'Refuse'])
  })

  await test.step('the review says what changes, and saving holds at once', async () => {
    await main.getByRole('button', { name: 'Review and save…' }).click()
    const review = page.getByRole('dialog', { name: 'Save this policy?' })
    await expect(review).toContainText(/medium risk.*asks, \d approvals?, operator/i)
    expect(await accessibilityProblems(page)).toEqual([])
    await review.getByRole('button', { name: 'Save' }).click()
    await expect(main).toContainText(/Saved as version \d+/)
  })

  await test.step('the audit has it, and its chain is whole', async () => {
    await page.goto('/audit?action=policy.changed')
    await main.getByRole('button', { name: /^#\d+/ }).first().click()
    const sheet = page.getByRole('dialog', { name: /policy\.changed/ })
    await expect(sheet).toContainText('"before"')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await main.getByRole('button', { name: 'Verify chain' }).click()
    await expect(main).toContainText(/entries, chain intact/)
    const download = page.waitForEvent('download')
    await main.getByRole('link', { name: 'Export JSONL' }).click()
    expect((await download).suggestedFilename()).toMatch(/^audit-.*\.jsonl$/)
  })

  await page.goto('/settings?tab=policy')
  await medium.fill(before)
  await main.getByRole('button', { name: 'Review and save…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(main).toContainText(/Saved as version \d+/)
})
