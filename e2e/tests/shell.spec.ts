import { accessibilityProblems, expect, test } from '../harness/fixtures'

test('the shell stands around every page and is without barriers', async ({ page }) => {
  for (const place of ['/fleet', '/approvals', '/workloads']) {
    await page.goto(place)
    await expect(page.getByRole('main')).toBeVisible()
    await expect(page.getByRole('navigation').first()).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
  }
})

test('nothing is wider than a small phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const place of ['/fleet', '/approvals', '/workloads', '/chat']) {
    await page.goto(place)
    await expect(page.getByRole('main')).toBeVisible()
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow, `${place} scrolls sideways`).toBeLessThanOrEqual(0)
  }
})

test('both themes are without barriers', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto('/fleet')
    await expect(page.getByRole('main')).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
  }
})
