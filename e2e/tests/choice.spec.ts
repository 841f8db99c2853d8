import type { Page } from '@playwright/test'
import { conversation } from '../harness/conversation'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

const question = (page: Page) => conversation(page).log.locator('[data-choice]').last()

/** A question of the agent with at least two answers, and the label of one. */
async function asked(page: Page, index: number): Promise<string> {
  const chat = conversation(page)
  await chat.open()
  await chat.say('how is it going')
  await expect(question(page)).toBeVisible({ timeout: 20_000 })
  const button = question(page).getByRole('button').nth(index)
  return (await button.innerText()).replace(/^\d\s*/, '').trim()
}

async function recorded(page: Page, label: string): Promise<void> {
  const { log } = conversation(page)
  await expect(log.getByText(`Chosen: ${label}`)).toBeVisible({ timeout: 15_000 })
  // What was chosen stands there once as the person's words, also after a reload.
  await page.reload()
  await expect(log.getByText(`Chosen: ${label}`)).toBeVisible()
  await expect(log.getByText('Not answered')).toHaveCount(0)
}

test('a question is answered with its button, once however quickly it is pressed', async ({ page }) => {
  const label = await asked(page, 1)
  let sends = 0
  page.on('request', (request) => {
    if (request.url().includes('chat.send')) sends += 1
  })
  expect(await accessibilityProblems(page)).toEqual([])
  await question(page).getByRole('button').nth(1).dblclick()
  await recorded(page, label)
  expect(sends).toBe(1)
})

test('a question is answered with its number or with words in the composer', async ({ page }) => {
  const first = await asked(page, 0)
  const composer = page.getByLabel('Message the agent')
  await composer.fill('1')
  await composer.press('Enter')
  await recorded(page, first)
  const second = await asked(page, 1)
  await composer.fill(`${second.toUpperCase()}.`)
  await composer.press('Enter')
  await recorded(page, second)
})
