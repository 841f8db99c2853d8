import { expect, type Page } from '@playwright/test'

/** The page listens once it is live; its first picture comes from the server, before that. */
export async function arrive(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 })
}
