import { conversation } from '../harness/conversation'
import { fakeModel } from '../harness/fake-model'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

test('an administrator connects a language model, tries it, talks to it, and is told when it fails', async ({
  visitor: page,
  product,
}) => {
  const model = await fakeModel()
  const email = `lm-${Date.now()}@clawbernetes.example`
  const account = { name: 'Lea', email, password: 'a password of this test' }
  const signedUp = await page.request.post('/api/auth/sign-up/email', {
    data: account,
    headers: { origin: product.url },
  })
  expect(signedUp.ok()).toBe(true)

  await page.goto('/settings?tab=planner')
  await page.getByRole('combobox', { name: 'Planner' }).selectOption('openai-compatible')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByLabel('Model')).toBeFocused()
  await page.getByLabel('Model').fill('a-model')
  await page.getByLabel('Address').fill('ftp://nowhere')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Only http and https addresses are used.')).toBeVisible()
  await expect(page.getByLabel('Address')).toBeFocused()
  await page.getByLabel('Address').fill(model.url)
  await page.getByLabel('API key (optional)').fill('sk-test-of-this-browser-WXYZ')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await expect(page.getByLabel('API key (optional)')).toHaveAttribute('placeholder', 'Stored, ends in WXYZ')
  expect(await page.content()).not.toContain('of-this-browser')

  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('Passed')).toBeVisible({ timeout: 20_000 })
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  }
  await page.setViewportSize({ width: 1440, height: 900 })

  const chat = conversation(page)
  await chat.open()
  await chat.say('say something')
  await expect(chat.log).toContainText('All of this was said by a language model, word for word.', { timeout: 20_000 })
  await expect(chat.log).toContainText('openai-compatible/a-model')
  model.refuse(401)
  await chat.say('what GPUs do we have?')
  await expect(chat.log).toContainText('401: it refused the key); answered by the embedded planner.', {
    timeout: 20_000,
  })
  await model.close()
})
