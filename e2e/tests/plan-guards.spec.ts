import { conversation } from '../harness/conversation'
import { expect, test } from '../harness/fixtures'

test('a click right after the card has moved decides nothing, and the next one does', async ({ page }) => {
  const chat = conversation(page)
  await chat.open()
  await chat.say('cordon node-08')
  const card = chat.card(/node-08/)
  await expect(card).toContainText('Needs approval', { timeout: 20_000 })
  const href = await card.getByRole('link', { name: /^PL-\d+ r1/ }).getAttribute('href')
  let decisions = 0
  page.on('request', (request) => {
    if (request.url().includes('approvals.decide')) decisions += 1
  })
  await page.goto(href ?? '/approvals')
  const group = page.getByRole('main').getByRole('group', { name: /^Decision for plan/ })
  await expect(group).toHaveAttribute('data-inert', 'false')
  const reject = group.getByRole('button', { name: 'Reject…' })
  const form = page.getByRole('form', { name: 'Reject this plan' })

  // Something above grows, and in the same moment the pointer presses where the button is now.
  const box = await reject.boundingBox()
  if (!box) throw new Error('the button has no place')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + 40)
  await page.evaluate(() => {
    const notice = document.createElement('div')
    notice.style.height = '40px'
    document.querySelector('main article')?.before(notice)
  })
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2 + 40)
  await expect(group).toHaveAttribute('data-inert', 'true')
  await expect(form).toHaveCount(0)
  expect(decisions).toBe(0)

  await expect(group).toHaveAttribute('data-inert', 'false')
  await reject.click()
  await expect(form).toBeVisible()
  await form.getByRole('button', { name: 'Reject plan' }).click()
  await expect(page.getByRole('main').getByRole('article')).toContainText('Rejected')
  expect(decisions).toBe(1)
})
