import { expect, type Page } from '@playwright/test'

/**
 * Opens a page and waits until it listens: the socket is there, and React has taken over every button of the main part. The shell
 * is taken over before the page in it, and a press in between is lost.
 */
export async function arrive(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await expect(page.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 })
  await page.waitForFunction(() =>
    [...document.querySelectorAll('main button')].every((button) =>
      Object.keys(button).some((key) => key.startsWith('__reactProps')),
    ),
  )
}
