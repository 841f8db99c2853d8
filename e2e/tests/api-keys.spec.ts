import { approve, conversation } from '../harness/conversation'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

test('a key is shown once, works at once, and is refused as soon as it is revoked', async ({ page, playwright }) => {
  const name = `e2e ${Date.now()}`
  await page.goto('/settings?tab=api-keys')
  await page.getByLabel('Name').fill(name)
  await page.getByRole('checkbox', { name: /^Read/ }).check()
  await page.getByRole('button', { name: 'Create key' }).click()
  const shown = page.getByRole('status').filter({ hasText: 'shown once' })
  const token = (await shown.locator('code').first().textContent()) ?? ''
  expect(token).toMatch(/^claw_[0-9a-z]{40}$/)
  expect(await accessibilityProblems(page)).toEqual([])

  const { origin } = new URL(page.url())
  // Without the session of the browser: the key alone must open the door.
  const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } })
  const me = await program.get(`${origin}/api/v1/me`)
  expect([me.status(), (await me.json()).key.name]).toEqual([200, name])
  const mcp = await program.post(`${origin}/api/mcp`, {
    headers: { accept: 'application/json, text/event-stream' },
    data: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  })
  expect([mcp.status(), await mcp.text()]).toEqual([200, expect.stringContaining('list_nodes')])

  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByText(token)).toHaveCount(0)
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('Active')
  await row.getByRole('button', { name: `Revoke ${name}` }).click()
  await expect(row).toContainText('Revoked')
  const refused = await program.get(`${origin}/api/v1/me`)
  expect([refused.status(), (await refused.json()).error.message]).toEqual([401, expect.stringContaining('revoked')])
  await program.dispose()
})

test('a key that a plan made is picked up once, by whoever asked for it', async ({ page, playwright }) => {
  test.setTimeout(60_000)
  const name = `e2e-plan-${Date.now()}`
  const chat = conversation(page)
  await chat.open()
  await chat.say(`create an api key for ${name}`)
  const card = chat.card(new RegExp(name))
  await approve(card, { risk: 'high' })
  await expect(card).toContainText('Done', { timeout: 20_000 })
  await expect(chat.log).not.toContainText(/claw_[0-9a-z]{40}/)

  await page.goto('/settings?tab=api-keys')
  const showOnce = page.getByRole('button', { name: new RegExp(`^Show once ?: ${name}$`) })
  await showOnce.click()
  const shown = page.getByRole('status').filter({ hasText: 'shown once' })
  const token = (await shown.locator('code').first().textContent()) ?? ''
  expect(token).toMatch(/^claw_[0-9a-z]{40}$/)
  expect(await accessibilityProblems(page)).toEqual([])
  const { origin } = new URL(page.url())
  const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } })
  expect((await program.get(`${origin}/api/v1/me`)).status()).toBe(200)
  await program.dispose()

  await page.reload()
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Active')
  await expect(showOnce).toHaveCount(0)
  expect(await page.content()).not.toContain(token)
  await page
    .getByRole('row')
    .filter({ hasText: name })
    .getByRole('button', { name: `Revoke ${name}` })
    .click()
})
