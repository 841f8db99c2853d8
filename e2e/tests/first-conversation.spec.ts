import { approve, conversation } from '../harness/conversation'
import { accessibilityProblems, expect, test } from '../harness/fixtures'

const SENTENCE = 'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.'

test('a sentence becomes a plan, an approval, and a training on four GPUs of node-01 that can be watched and stopped', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const chat = conversation(page)
  await chat.open()
  await chat.say(SENTENCE)
  const card = chat.card(/Fine-tune .* of node-01/)
  let name = ''

  await test.step('the card says what would happen, at which cost, and how it is undone', async () => {
    await expect(card).toContainText('Needs approval', { timeout: 20_000 })
    for (const fact of ['4 × A100-80GB', 'Medium', '+$7.20/h', 'Undo', 'Expires', 'torchrun']) {
      await expect(card).toContainText(fact)
    }
    expect(await accessibilityProblems(page)).toEqual([])
    // The first is called fine-tune-llama; a product that ran before knows that name already.
    name = /Start (fine-tune-llama\S*) with torchrun/.exec(await card.innerText())?.[1] ?? ''
    expect(name).not.toBe('')
  })

  await test.step('approved, it runs, and the chat closes with evidence', async () => {
    await approve(card)
    await expect(card).toContainText('Done', { timeout: 30_000 })
    await expect(card).toContainText(/Approved by .* on r1/)
    await page.reload()
    await expect(chat.card(/Fine-tune .* of node-01/)).toContainText('Done')
  })

  await test.step('the agent knows that it runs, and where', async () => {
    await chat.say('what is running?')
    const row = chat.log.getByRole('row').filter({ hasText: name }).last()
    await expect(row).toContainText('running', { timeout: 20_000 })
    await expect(row).toContainText('node-01')
    await expect(row.getByRole('cell', { name: '4', exact: true })).toBeVisible()
  })

  await test.step('its page shows GPUs, logs and a loss that moves', async () => {
    await page.goto('/workloads')
    await page.getByRole('main').getByRole('link', { name, exact: true }).first().click()
    const main = page.getByRole('main')
    await expect(main.getByRole('heading', { name })).toBeVisible()
    await expect(main).toContainText('node-01 holds 4 × A100-80GB')
    await main.getByRole('tab', { name: 'Logs' }).click()
    const lines = main.getByRole('region', { name: 'Logs' }).getByText(/loss[ =:]+\d/)
    await expect(lines.first()).toBeVisible({ timeout: 30_000 })
    await main.getByRole('tab', { name: 'Metrics' }).click()
    await expect(main.getByRole('tabpanel', { name: 'Metrics' })).toContainText(/loss/i, { timeout: 30_000 })
    expect(await accessibilityProblems(page)).toEqual([])
  })

  await test.step('stopping it asks for its name, and frees its GPUs', async () => {
    await chat.open()
    await chat.say(`stop ${name}`)
    const stop = chat.card(/Stop fine-tune-llama/)
    await expect(stop).toContainText('High', { timeout: 20_000 })
    await approve(stop, { risk: 'high' })
    await expect(stop).toContainText('Done', { timeout: 60_000 })
    await expect(stop).toContainText(/GPUs held\s*0/)
  })
})

test('a rejected plan changes nothing and keeps its reason', async ({ page }) => {
  const chat = conversation(page)
  await chat.open()
  await chat.say(SENTENCE)
  const card = chat.card(/Fine-tune/)
  await expect(card).toContainText('Needs approval', { timeout: 20_000 })
  await expect(async () => {
    await card.getByRole('button', { name: 'Reject…' }).click({ timeout: 1_000 })
    await expect(card.getByRole('form', { name: 'Reject this plan' })).toBeVisible({ timeout: 700 })
  }).toPass({ timeout: 15_000 })
  const form = card.getByRole('form', { name: 'Reject this plan' })
  await form.getByRole('textbox').fill('Not before Monday')
  await form.getByRole('button', { name: /^Reject/ }).click()
  await expect(card).toContainText('Rejected')
  await expect(card).toContainText('Not before Monday')
})

test('typed consent is an approval of the plan that waits', async ({ page }) => {
  test.setTimeout(120_000)
  const chat = conversation(page)
  await chat.open()
  await chat.say(SENTENCE)
  const card = chat.card(/Fine-tune/)
  await expect(card).toContainText('Needs approval', { timeout: 20_000 })
  await chat.say('do it')
  await expect(card).toContainText('Done', { timeout: 40_000 })
  await expect(card.locator('q')).toContainText('do it')
  await chat.say('stop it')
  const stop = chat.card(/Stop fine-tune-llama/)
  await expect(stop).toContainText('Needs approval', { timeout: 20_000 })
  await approve(stop, { risk: 'high' })
  await expect(stop).toContainText('Done', { timeout: 60_000 })
})
