import { expect, type Locator, type Page } from '@playwright/test'

/** What a person does in the chat. */
export function conversation(page: Page) {
  const log = page.getByRole('log', { name: 'Conversation' })
  return {
    log,
    /** Opens a new conversation on the chat page. */
    async open(): Promise<void> {
      await page.goto('/chat')
      await expect(page.getByLabel('Message the agent')).toBeVisible()
    },
    async say(text: string): Promise<void> {
      await page.getByLabel('Message the agent').fill(text)
      await page.getByRole('button', { name: 'Send' }).click()
    },
    /** The card of the plan whose title fits; the newest when several do. */
    card: (title: RegExp): Locator => log.getByRole('article', { name: title }).last(),
  }
}

/**
 * Approves the plan of a card and waits until the server has decided. A card ignores presses in its first half second,
 * against slips; a medium risk waits five seconds in which it can be taken back; a high risk wants a name typed.
 */
export async function approve(card: Locator, { risk = 'medium' }: { risk?: 'medium' | 'high' } = {}): Promise<void> {
  const button = card.getByRole('button', { name: 'Approve' })
  const dialog = card.page().getByRole('dialog', { name: /^Approve / })
  await expect(async () => {
    await button.click({ timeout: 1_000 })
    const taken = risk === 'high' ? dialog : card.getByText(/Starting…|Approving…|Approved by/).first()
    await expect(taken).toBeVisible({ timeout: 700 })
  }).toPass({ timeout: 15_000 })
  if (risk === 'high') {
    const name = await dialog.locator('label code').innerText()
    await dialog.getByLabel(/^Type /).fill(name)
    await dialog.getByRole('button', { name: 'Approve' }).click()
  }
  await expect(button).toHaveCount(0, { timeout: 20_000 })
}
