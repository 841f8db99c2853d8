import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { type Running, running } from './running'

interface Fixtures {
  product: Running
  /** A page of somebody who has signed in nowhere. */
  visitor: Page
}

/** `page` is signed in as the demo's person; any error on a page fails its test. */
export const test = base.extend<Fixtures>({
  product: async ({}, use) => use(running()),
  baseURL: async ({}, use) => use(running().url),
  storageState: async ({}, use) => use(running().storageState),
  page: async ({ page }, use) => {
    const errors = watchErrors(page)
    await use(page)
    expect(errors).toEqual([])
  },
  visitor: async ({ browser, product }, use) => {
    const context = await browser.newContext({ baseURL: product.url, storageState: { cookies: [], origins: [] } })
    const page = await context.newPage()
    const errors = watchErrors(page)
    await use(page)
    await context.close()
    expect(errors).toEqual([])
  },
})

export { expect }

function watchErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    // The browser itself reports a refused request; whether it should have been refused is for the test to say.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text())
  })
  return errors
}

/** What axe finds against WCAG 2.2 AA, as lines that name the rule and the place. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))
}
