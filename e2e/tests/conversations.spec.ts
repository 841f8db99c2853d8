import type { Page } from '@playwright/test'
import { colleague } from '../harness/colleague'
import { conversation } from '../harness/conversation'
import { expect, test } from '../harness/fixtures'

const ANSWER = /of \d+ GPUs are free/
const answers = (page: Page) => conversation(page).log.getByRole('article').filter({ hasText: 'Agent' })
const own = (page: Page, text: string) => conversation(page).log.getByText(text, { exact: true })

/** A word that no other run of this test has said. */
const unique = () => `n${Date.now().toString(36)}`

test('a conversation survives a reload at once after sending, and everything is there once', async ({ page }) => {
  const chat = conversation(page)
  await chat.open()
  const sent = page.waitForResponse((response) => response.url().includes('chat.send'))
  await chat.say('which GPUs are free?')
  await sent
  await expect(page).toHaveURL(/\/chat\/thr_/)
  await page.reload()
  await expect(chat.log).toContainText(ANSWER, { timeout: 20_000 })
  await expect(own(page, 'which GPUs are free?')).toHaveCount(1)
  await expect(answers(page)).toHaveCount(1)
})

test('a tab that is closed during an answer detaches: the answer is there when one comes back', async ({
  page,
  context,
}) => {
  const tab = await context.newPage()
  const chat = conversation(tab)
  await chat.open()
  const sent = tab.waitForResponse((response) => response.url().includes('chat.send'))
  await chat.say('which GPUs are free?')
  await sent
  await expect(tab).toHaveURL(/\/chat\/thr_/)
  const address = tab.url()
  await tab.close()
  await page.goto(address)
  await expect(conversation(page).log).toContainText(ANSWER, { timeout: 20_000 })
  await expect(own(page, 'which GPUs are free?')).toHaveCount(1)
  await expect(answers(page)).toHaveCount(1)
})

test('stop, pressed at any moment, leaves a conversation that goes on', async ({ page }) => {
  const chat = conversation(page)
  await chat.open()
  await chat.say('what is running?')
  await expect(answers(page)).toHaveCount(1, { timeout: 20_000 })
  const threadId = /thr_\w+/.exec(page.url())?.[0]
  const sent = page.waitForResponse((response) => response.url().includes('chat.send'))
  await chat.say('list the nodes')
  await sent
  const stopped = await page.request.post('/api/trpc/chat.stop', { data: { json: { threadId } } })
  expect(stopped.ok()).toBe(true)
  await chat.say('which GPUs are free?')
  await expect(chat.log).toContainText(ANSWER, { timeout: 20_000 })
  await expect(own(page, 'list the nodes')).toHaveCount(1)
  await page.reload()
  await expect(chat.log).toContainText(ANSWER)
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0)
})

test('two tabs show the same conversation, live', async ({ page, context }) => {
  const chat = conversation(page)
  await chat.open()
  await chat.say('what is running?')
  await expect(answers(page)).toHaveCount(1, { timeout: 20_000 })
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(answers(other)).toHaveCount(1)
  await conversation(other).say('which GPUs are free?')
  for (const tab of [page, other]) {
    await expect(conversation(tab).log).toContainText(ANSWER, { timeout: 20_000 })
    await expect(own(tab, 'which GPUs are free?')).toHaveCount(1)
    await expect(answers(tab)).toHaveCount(2)
  }
  await other.close()
})

test('offline: the words stay, nothing is lost, and they go when one is back', async ({ page, context }) => {
  const chat = conversation(page)
  await chat.open()
  await chat.say('what is running?')
  await expect(answers(page)).toHaveCount(1, { timeout: 20_000 })
  await context.setOffline(true)
  const composer = page.getByLabel('Message the agent')
  await composer.fill('which GPUs are free?')
  await expect(page.getByText(/You are offline/)).toBeVisible()
  await composer.press('Enter')
  await expect(composer).toHaveValue('which GPUs are free?')
  await context.setOffline(false)
  await expect(page.getByText(/You are offline/)).toHaveCount(0, { timeout: 20_000 })
  await page.reload()
  await expect(composer).toHaveValue('which GPUs are free?')
  await composer.press('Enter')
  await expect(chat.log).toContainText(ANSWER, { timeout: 20_000 })
})

test('conversations are named, found by their words, renamed, put away and brought back', async ({ page }) => {
  const word = unique()
  const chat = conversation(page)
  await chat.open()
  await chat.say(`Please show me free GPUs. The reason is ${word}.`)
  await expect(page.getByRole('heading', { level: 1, name: /Show me free GPUs|Free GPUs/ })).toBeVisible()
  await expect(answers(page)).toHaveCount(1, { timeout: 20_000 })
  const list = page.getByRole('region', { name: 'All conversations' })
  await list.getByLabel('Search conversations').fill(word)
  const row = list.getByRole('listitem')
  await expect(row).toHaveCount(1)
  await expect(row).toContainText(word)
  await row.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Rename…' }).click()
  await page.getByRole('dialog').getByLabel('Title').fill(`Capacity ${word}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Capacity ${word}` })).toBeVisible()
  await row.getByRole('button', { name: /^Actions for/ }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await expect(row).toHaveCount(0)
  await list.getByRole('button', { name: 'Archived' }).click()
  await expect(row).toHaveCount(1)
  await expect(page).toHaveURL(/archived=true/)
  await page.reload()
  await expect(row).toHaveCount(1)
  await chat.say('which GPUs are free?')
  await expect(row).toHaveCount(0, { timeout: 15_000 })
})

test('a conversation that is not there is said so in words', async ({ page }) => {
  await page.goto('/chat/thr_there_is_none')
  await expect(page.getByText('This conversation is not here')).toBeVisible()
  await expect(page.getByLabel('Message the agent')).toHaveCount(0)
  await page.getByRole('button', { name: 'New conversation' }).last().click()
  await expect(page.getByLabel('Message the agent')).toBeVisible()
})

test('the composer completes names and skills, keeps drafts, and refuses what should not go', async ({ page }) => {
  const chat = conversation(page)
  await chat.open()
  const composer = page.getByLabel('Message the agent')
  await test.step('@ finds a node by a few letters', async () => {
    await composer.pressSequentially('how is @node-0')
    await expect(page.getByRole('option').first()).toContainText('node-0')
    await composer.press('Enter')
    await expect(composer).toHaveValue(/^how is node-0\d $/)
  })
  await test.step('/ lists the skills with help', async () => {
    await composer.fill('')
    await composer.pressSequentially('/gpu-d')
    await expect(page.getByRole('option', { name: /gpu-diagnose/ })).toBeVisible()
    await composer.press('Enter')
    await expect(page.getByRole('option').nth(1)).toBeVisible()
    await composer.press('Escape')
  })
  await test.step('a secret is warned about before it goes', async () => {
    await composer.fill(`my token is hf_${'Ab3'.repeat(14)}`)
    await composer.press('Enter')
    await expect(page.getByText(/looks like it holds a Hugging Face token/)).toBeVisible()
    await page.getByRole('button', { name: 'Take it out' }).click()
    await expect(composer).toHaveValue('')
  })
  await test.step('ten megabytes are refused in words', async () => {
    await composer.evaluate((field) => {
      const data = new DataTransfer()
      data.setData('text', 'x'.repeat(10_000_000))
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })
    await expect(page.getByText(/10\.0\sMB of text/)).toBeVisible()
    await expect(composer).toHaveValue('')
  })
  await test.step('a draft is kept for its conversation', async () => {
    await composer.fill('not yet')
    await page.reload()
    await expect(composer).toHaveValue('not yet')
  })
})

test('a question is answered once, with a key, and then is the record of what was chosen', async ({
  page,
  context,
}) => {
  const chat = conversation(page)
  await chat.open()
  await chat.say('how is it going')
  const question = (tab: Page) => conversation(tab).log.getByRole('group', { name: /^Which workload/ })
  await expect(question(page)).toBeVisible({ timeout: 20_000 })
  const label = (await question(page).getByRole('button').first().innerText()).replace(/^1\s*/, '').trim()
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(question(other)).toBeVisible()
  await chat.log.focus()
  await page.keyboard.press('1')
  for (const tab of [page, other]) {
    await expect(conversation(tab).log.getByText(`Chosen: ${label}`)).toBeVisible({ timeout: 15_000 })
    await expect(question(tab)).toHaveCount(0)
  }
  await other.close()
})

test('colleagues see each other at the same conversation and plan', async ({ page, browser, product }) => {
  const chat = conversation(page)
  await chat.open()
  await chat.say('I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.')
  const card = chat.card(/Fine-tune/)
  await expect(card).toContainText('Needs approval', { timeout: 20_000 })
  const ben = await colleague({ browser, page, product }, { name: 'Ben' })
  await ben.goto(page.url())
  await expect(card.getByText('Ben is looking at this plan')).toBeVisible({ timeout: 15_000 })
  await expect(page.getByText('Ben is looking at this conversation')).toHaveCount(1)
  await ben.context().close()
  await expect(card.getByText('Ben is looking at this plan')).toHaveCount(0, { timeout: 15_000 })
})

test('the palette finds a node, a GPU, a page and a setting, and hands words to the agent', async ({ page }) => {
  await page.goto('/fleet')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const open = async (words: string) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Search or run' }).getByRole('combobox').fill(words)
  }
  await open('node-02')
  await expect(page.getByRole('option', { name: /^node-02\b/ }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/nodes\//)
  await open('node-02 gpu 3')
  await expect(page.getByRole('option', { name: /node-02 GPU 3/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await open('api keys')
  await page
    .getByRole('option', { name: /API keys/ })
    .first()
    .click()
  await expect(page).toHaveURL(/tab=api-keys/)
  await open('> dark')
  await page.getByRole('option', { name: /Dark theme/ }).click()
  await expect(page.locator('html')).toHaveClass(/dark/)
  await open('why is node-06 hot')
  await page.getByRole('option', { name: /Ask agent/ }).click()
  await expect(page.getByLabel('Message the agent')).toHaveValue('why is node-06 hot')
})

test('what is selected on the map goes to chat as a chip, and only what is shown goes', async ({ page }) => {
  await page.goto('/fleet')
  const cell = page
    .getByRole('grid', { name: /GPU map/ })
    .getByRole('gridcell')
    .first()
  await cell.focus()
  await page.keyboard.press('x')
  await page.getByRole('button', { name: /^Ask about \d+ GPU/ }).click()
  const chips = page.getByRole('list', { name: 'Sent with your message' })
  await expect(chips).toContainText(/\d+ GPUs? on the map/)
  await chips.getByRole('button', { name: /on the map/ }).click()
  await expect(chips).not.toContainText('on the map')
})
