import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { arrive } from '../harness/arrive'
import { api } from '../harness/api'
import { conversation } from '../harness/conversation'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

const VALUE = `e2e-value-${Math.random().toString(36).slice(2)}-that-stands-nowhere`

/** What the browser shows and keeps: the document, its fields, and what pages may store. */
const kept = (page: Page) =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value)
    return [
      document.documentElement.outerHTML,
      ...fields,
      JSON.stringify(localStorage),
      JSON.stringify(sessionStorage),
    ].join()
  })

async function logs(folder: string): Promise<string> {
  const names = await readdir(folder)
  return (await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')))).join('\n')
}

async function approveTyped(page: Page, label: string, name: string): Promise<void> {
  const group = page.getByRole('group', { name: new RegExp(`^Decision for plan ${label}`) }).first()
  await expect(group).toHaveAttribute('data-inert', 'false')
  await group.getByRole('button', { name: 'Approve' }).click()
  const dialog = page.getByRole('dialog', { name: /^Approve / })
  await dialog.getByLabel(/^Type /).fill(name)
  await dialog.getByRole('button', { name: 'Approve' }).click()
  await expect(dialog).toHaveCount(0)
}

const labelOf = async (text: Promise<string>): Promise<string> => /PL-\d+/.exec(await text)?.[0] ?? 'no label'

test('the value of a secret goes from its field to the server and is found nowhere afterwards', async ({
  page,
  product,
}) => {
  const name = `e2e_token_${Date.now()}`
  const chat = conversation(page)
  await chat.open()
  await chat.say(`store a secret called ${name}`)
  const card = chat.card(new RegExp(name))
  const field = card.getByRole('textbox', { name: `Value of ${name}` })
  await expect(field).toHaveAttribute('type', 'password')
  const label = await labelOf(card.innerText())
  await expect(card).toContainText(`Enter the value of ${name} in the secret field`)
  const answers: Promise<string>[] = []
  page.on('response', (response) => {
    if (response.url().includes('/api/')) answers.push(response.text().catch(() => ''))
  })
  await field.fill(VALUE)
  await card.getByRole('button', { name: 'Save value' }).click()
  await expect(card.getByText('The value is in place.')).toBeVisible()
  await expect(field).toHaveValue('')
  expect(await kept(page)).not.toContain(VALUE)
  await approveTyped(page, label, name)
  await expect(card).toContainText(`${name} is stored as version 1`, { timeout: 20_000 })
  await page.reload()
  await expect(chat.log).toContainText(`${name} is stored as version 1`)
  expect(await kept(page)).not.toContain(VALUE)
  expect((await Promise.all(answers)).join('\n')).not.toContain(VALUE)

  const { query } = api(page)
  const threadId = new URL(page.url()).pathname.split('/').at(-1)
  const transcript = await query('chat.read', { threadId })
  const audit = await query('audit.list', { target: name, limit: 50 })
  expect(JSON.stringify(audit)).toContain('secret.create')
  for (const text of [JSON.stringify(transcript), JSON.stringify(audit), JSON.stringify(await query('secrets.list'))])
    expect(text).not.toContain(VALUE)
  if (product.logsDir) expect(await logs(product.logsDir)).not.toContain(VALUE)
})

test('Settings adds, rotates and deletes a secret by plans, and says why when it cannot', async ({ page }) => {
  test.setTimeout(90_000)
  const name = `e2e_setting_${Date.now()}`
  await arrive(page, '/settings?tab=secrets')
  const add = page.getByRole('region', { name: 'Add a secret' })
  await add.getByLabel('Name').fill('7 wrong')
  await add.getByRole('button', { name: 'Add…' }).click()
  await expect(add.getByLabel('Name')).toBeFocused()
  await expect(add.getByText('Use a letter first')).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])

  const row = page.getByRole('row').filter({ hasText: name })
  const carriedOut = async (title: string, value: string | null) => {
    const card = page.getByRole('article', { name: new RegExp(`${title} ${name}`) })
    const label = await labelOf(card.innerText())
    if (value !== null) {
      await card.getByRole('textbox', { name: `Value of ${name}` }).fill(value)
      await card.getByRole('button', { name: 'Save value' }).click()
      await expect(card.getByText('The value is in place.')).toBeVisible()
    }
    await approveTyped(page, label, name)
    await expect(card).toContainText(/Approved by/, { timeout: 20_000 })
  }
  await add.getByLabel('Name').fill(name)
  await add.getByRole('button', { name: 'Add…' }).click()
  await carriedOut('Store the secret', VALUE)
  await expect(row).toContainText('version 1', { timeout: 20_000 })
  await expect(row).toContainText('never')
  await expect(row).toContainText('none that runs')

  await add.getByLabel('Name').fill(name)
  await add.getByRole('button', { name: 'Add…' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText(`There is a secret ${name} already`)
  expect(await accessibilityProblems(page)).toEqual([])

  await row.getByRole('button', { name: `Rotate… ${name}` }).click()
  await carriedOut('Rotate the secret', `${VALUE}-2`)
  await expect(row).toContainText('version 2', { timeout: 20_000 })
  await expect(row).not.toContainText('never')

  await row.getByRole('button', { name: `Delete… ${name}` }).click()
  await carriedOut('Delete the secret', null)
  await expect(row).toHaveCount(0, { timeout: 20_000 })
  expect(await kept(page)).not.toContain(VALUE)
})
