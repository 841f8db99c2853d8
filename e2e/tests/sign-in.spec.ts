import { accessibilityProblems, expect, test } from '../harness/fixtures'

test('a visitor is asked to sign in and then comes where they wanted to go', async ({ visitor, product }) => {
  await visitor.goto('/approvals')
  await expect(visitor).toHaveURL(/\/login\?next=/)
  await visitor.getByLabel('E-mail').fill(product.email)
  await visitor.getByLabel('Password', { exact: true }).fill(product.password)
  await visitor.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(visitor).toHaveURL(/\/approvals$/)
})

test('a wrong password is refused in words, and nobody is signed in', async ({ visitor, product }) => {
  await visitor.goto('/login')
  await visitor.getByLabel('E-mail').fill(product.email)
  await visitor.getByLabel('Password', { exact: true }).fill('not the password')
  await visitor.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(visitor.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible()
  await visitor.goto('/fleet')
  await expect(visitor).toHaveURL(/\/login/)
})

test('the sign-in page can be used by everybody', async ({ visitor }) => {
  for (const width of [1440, 360]) {
    await visitor.setViewportSize({ width, height: 800 })
    await visitor.goto('/login')
    await expect(visitor.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    expect(await accessibilityProblems(visitor)).toEqual([])
  }
})
