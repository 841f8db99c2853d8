import type { Page } from '@playwright/test'
import { arrive } from '../harness/arrive'
import { approve, conversation } from '../harness/conversation'
import { expect, test } from '../harness/fixtures'

/** Everything below is done without a mouse; `strokes` counts key presses other than the letters of a name. */
function keyboard(page: Page) {
  let strokes = 0
  return {
    strokes: () => strokes,
    async press(...keys: string[]): Promise<void> {
      for (const key of keys) {
        strokes += 1
        await page.keyboard.press(key)
      }
    },
  }
}

/** Asks for something in a new conversation and returns the label of the plan that comes of it. */
async function ask(page: Page, words: string, title: RegExp): Promise<string> {
  const chat = conversation(page)
  await chat.open()
  await chat.say(words)
  const card = chat.card(title)
  await expect(card).toContainText('Needs approval', { timeout: 20_000 })
  const label = /PL-\d+/.exec(await card.innerText())?.[0]
  if (!label) throw new Error('the card has no label')
  return label
}

const decision = (page: Page, label: string) =>
  page.getByRole('main').getByRole('group', { name: `Decision for plan ${label}` })

/** A card ignores everything in its first half second; a person reads it meanwhile. */
async function read(page: Page, label: string): Promise<void> {
  await expect(decision(page, label)).toHaveAttribute('data-inert', 'false')
}

test('a medium plan is approved from any page with four keys, and its receipt has the focus', async ({ page }) => {
  const label = await ask(page, 'run `sleep 5` on node-05 with image busybox:1.36', /node-05/)
  await arrive(page, '/gpus')
  const keys = keyboard(page)
  await keys.press('g', 'a')
  await expect(page.getByRole('heading', { name: 'Approvals' })).toBeVisible()
  const row = page.locator('[data-plan-row]').filter({ hasText: label })
  await expect(row).toBeVisible()
  // The newest may not be the first of the list: j goes on to it.
  for (let tried = 0; tried < 20 && (await row.getAttribute('aria-current')) !== 'true'; tried++) await keys.press('j')
  const moved = keys.strokes() - 2
  await read(page, label)
  // A held key decides nothing: the repeat is ignored, and one press is one decision.
  await keys.press('1')
  const card = page.getByRole('main').getByRole('article').filter({ hasText: label })
  await expect(card).toContainText(/Starting…|Approved by/)
  await expect(card).toContainText(/Approved by .* on r1/, { timeout: 20_000 })
  await expect(card.getByRole('heading', { name: /Result|Under way|Decision/ })).toBeFocused()
  await expect(card.getByRole('listitem').filter({ hasText: 'Approved by' })).toHaveCount(1)
  expect(keys.strokes() - Math.max(0, moved - 1)).toBeLessThanOrEqual(6)
})

test('a high plan wants its name typed, with the focus on Cancel, and takes six keys besides', async ({ page }) => {
  test.setTimeout(90_000)
  const chat = conversation(page)
  const run = await ask(page, 'run `sleep 900` on node-05 with image busybox:1.36', /node-05/)
  await approve(
    chat
      .card(new RegExp(run))
      .or(chat.card(/node-05/))
      .last(),
  )
  await expect(chat.card(/node-05/)).toContainText('Done', { timeout: 40_000 })
  await chat.say('stop it')
  const stop = chat.card(/^PL-\d+ r\d+\s*Stop/)
  await expect(stop).toContainText('High', { timeout: 20_000 })
  const label = /PL-\d+/.exec(await stop.innerText())?.[0] ?? ''

  await arrive(page, '/workloads')
  const keys = keyboard(page)
  await keys.press('g', 'a')
  const row = page.locator('[data-plan-row]').filter({ hasText: label })
  await expect(row).toBeVisible()
  let extra = -1
  for (; extra < 20 && (await row.getAttribute('aria-current')) !== 'true'; extra++) await keys.press('j')
  await read(page, label)
  await keys.press('1')
  const dialog = page.getByRole('dialog', { name: /^Approve / })
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await keys.press('Shift+Tab')
  await expect(dialog.getByLabel(/^Type /)).toBeFocused()
  await page.keyboard.type('wrong-name')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Control+a')
  await page.keyboard.type(await dialog.locator('label code').innerText())
  await keys.press('Enter')
  const card = page.getByRole('main').getByRole('article').filter({ hasText: label })
  await expect(card).toContainText(/Approved by .* on r1/, { timeout: 20_000 })
  expect(keys.strokes() - Math.max(0, extra)).toBeLessThanOrEqual(6)
})

test('nothing is decided in the first half second, nor by a key that is held down', async ({ page }) => {
  const label = await ask(page, 'run `sleep 5` on node-07 with image busybox:1.36', /node-07/)
  let decisions = 0
  page.on('request', (request) => {
    if (request.url().includes('approvals.decide')) decisions += 1
  })
  const id = await page
    .getByRole('link', { name: new RegExp(`^${label} r1`) })
    .last()
    .getAttribute('href')
  // Pressed in the very moment in which the card appears, from within the page: nobody is faster than that.
  await page.addInitScript(() => {
    const presses: (string | null)[] = []
    Object.assign(window, { presses })
    new MutationObserver((_, observer) => {
      const row = document.querySelector('main [data-inert]')
      if (!row) return
      observer.disconnect()
      presses.push(row.getAttribute('data-inert'))
      row.querySelector('button')?.click()
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto(id ?? '/approvals')
  const group = decision(page, label)
  await expect(group).toBeVisible()
  expect(await page.evaluate(() => (window as unknown as { presses: string[] }).presses)).toEqual(['true'])
  await read(page, label)
  const reject = group.getByRole('button', { name: 'Reject…' })
  await reject.focus()
  // A key that repeats while it is held does not press the button.
  await reject.dispatchEvent('keydown', { key: 'Enter', repeat: true, bubbles: true })
  await page.evaluate(() => {
    const held = new KeyboardEvent('keydown', { key: '1', repeat: true, bubbles: true })
    document.body.dispatchEvent(held)
  })
  await expect(page.getByRole('form', { name: 'Reject this plan' })).toHaveCount(0)
  await expect(page.getByRole('main').getByText(/Starting…|Approving…/)).toHaveCount(0)
  expect(decisions).toBe(0)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('form', { name: 'Reject this plan' })).toBeVisible()
  await page.keyboard.type('Only a test')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('main').getByRole('article')).toContainText('Rejected')
  expect(decisions).toBe(1)
})
