import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
export const WIDE = { width: 1440, height: 900 }
export const NARROW = { width: 360, height: 740 }
const LOOKS = [
  { viewport: WIDE, colorScheme: 'light' },
  { viewport: WIDE, colorScheme: 'dark' },
  { viewport: NARROW, colorScheme: 'dark' },
  { viewport: NARROW, colorScheme: 'light' },
] as const

/** How far the page, or the part of it that scrolls, goes beyond its right edge. */
const sidewaysPx = (page: Page) =>
  page.evaluate(() => {
    const main = document.querySelector('main')
    const inMain = main ? main.scrollWidth - main.clientWidth : 0
    return Math.max(inMain, document.documentElement.scrollWidth - window.innerWidth)
  })

/** What axe finds in what is in view now, in both themes and both widths, and whether it scrolls sideways. */
export async function lookAround(page: Page, where: string): Promise<string[]> {
  const found: string[] = []
  for (const { viewport, colorScheme } of LOOKS) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const look = `${where} ${viewport.width} ${colorScheme}`
    const { violations } = await new AxeBuilder({ page })
      .withTags(TAGS)
      .options({ resultTypes: ['violations'] })
      // One frame and no page of its own to finish in: three times as quick, and there are no frames here.
      .setLegacyMode(true)
      .analyze()
    found.push(
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${look} · ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
      ),
    )
    if ((await sidewaysPx(page)) > 0) found.push(`${look} · scrolls sideways`)
  }
  await page.setViewportSize(WIDE)
  return found
}
