import { arrive } from '../harness/arrive'
import { api } from '../harness/api'
import { SLACK_TOKEN } from '../harness/fake-slack'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

const SECRET = '0123456789abcdef0123456789abcdef'

test('Slack is connected in Settings, a wrong token is told in words, and no token comes back', async ({ page }) => {
  test.setTimeout(60_000)
  const { query, mutate } = api(page)
  for (const { id } of await query<{ id: string }[]>('channels.list'))
    await mutate('channels.disconnect', { connectionId: id })
  await arrive(page, '/settings?tab=channels')
  await expect(page.getByText('Nothing is connected')).toBeVisible()
  const connect = async (button: string, token: string) => {
    await page.getByRole('button', { name: button }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Bot token').fill(token)
    await dialog.getByLabel('Signing secret').fill(SECRET)
    await dialog.getByRole('button', { name: /^(Connect|Save tokens)$/ }).click()
    await expect(dialog).toHaveCount(0)
  }
  const card = page.getByRole('region', { name: /^Slack/ })
  await connect('Connect Slack', 'xoxb-this-is-another-token')
  await expect(card).toContainText('Broken', { timeout: 20_000 })
  await expect(card.getByRole('alert')).toContainText('Slack does not accept the token any more (invalid_auth)')
  expect(await accessibilityProblems(page)).toEqual([])

  await connect('New tokens for Slack', SLACK_TOKEN)
  await expect(card).toContainText('Slack · Acme e2e', { timeout: 20_000 })
  await expect(card).toContainText('Active')
  await expect(card).toContainText('gpu-ops')
  await expect(card.getByRole('alert')).toHaveCount(0)
  expect(await accessibilityProblems(page)).toEqual([])
  expect(JSON.stringify(await query('channels.list'))).not.toContain(SLACK_TOKEN)
  expect(await page.content()).not.toContain(SLACK_TOKEN)

  await card.getByRole('button', { name: 'Disconnect Slack' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click()
  await expect(page.getByText('Nothing is connected')).toBeVisible()
})
