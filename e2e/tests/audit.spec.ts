import { api } from '../harness/api'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

interface Entry {
  seq: number
  via: string
  data: { ip?: string }
}

test('the audit is narrowed by door in its address, and notes the address of the request, not what a header claims', async ({
  page,
}) => {
  const name = `e2e audit ${Date.now()}`
  const { query, mutate } = api(page)
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': '6.6.6.6', 'x-clawbernetes-caller': '6.6.6.6' })
  const { apiKey } = await mutate<{ apiKey: { id: string } }>('apiKeys.create', {
    name,
    scopes: ['read'],
    expiresInDays: 1,
  })
  await mutate('apiKeys.revoke', { apiKeyId: apiKey.id })
  await page.goto('/audit?via=web')
  const table = page.getByRole('table', { name: 'Audit log' })
  await expect(table.getByRole('row').nth(1)).toContainText(/Web\s*(127\.0\.0\.1|::1)/)
  await expect(page.getByLabel('Filter by door')).toHaveValue('web')
  await expect(page.getByText('6.6.6.6')).toHaveCount(0)
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByLabel('Filter by door').selectOption('discord')
  await expect(page).toHaveURL(/via=discord/)
  await expect(page.getByText('No entry matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await expect(table).toBeVisible()
  await page.getByRole('button', { name: 'Verify chain' }).click()
  await expect(page.getByText(/entries, chain intact/)).toBeVisible()
  const [newest] = await query<Entry[]>('audit.list', { via: 'web', limit: 1 })
  expect(newest?.data.ip).toMatch(/^(127\.0\.0\.1|::1)$/)
})
