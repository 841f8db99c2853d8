import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { APIRequestContext } from '@playwright/test'
import { expect, test } from '../harness/fixtures'

const BUDGETS_FILE = fileURLToPath(new URL('../page-budgets.json', import.meta.url))
const { routes } = JSON.parse(readFileSync(BUDGETS_FILE, 'utf8')) as { routes: Record<string, number> }

/** The scripts that a page's HTML asks for, each once, as they travel. */
async function firstLoadBytes(request: APIRequestContext, path: string, known: Map<string, number>): Promise<number> {
  const html = await (await request.get(path)).text()
  // Old browsers get a file of their own, which those that can load modules leave out.
  const tags = [...html.matchAll(/<script ([^>]+)>/g)].flatMap(([, attributes]) => attributes ?? [])
  const scripts = new Set(
    tags.filter((tag) => !tag.includes('noModule')).flatMap((tag) => /src="([^"]+\.js)/.exec(tag)?.[1] ?? []),
  )
  expect(scripts.size, `${path} has scripts`).toBeGreaterThan(3)
  let sum = 0
  for (const script of scripts) {
    if (!known.has(script)) known.set(script, gzipSync(await (await request.get(script)).body(), { level: 9 }).length)
    sum += known.get(script) ?? 0
  }
  return sum
}

test('no page makes a browser load more JavaScript than its budget', async ({ page, visitor }) => {
  const known = new Map<string, number>()
  const over: string[] = []
  for (const [route, budgetKb] of Object.entries(routes)) {
    const signedOut = route === '/login' || route === '/sign-up'
    // The id does not matter: a page's scripts are those of its route.
    const path = route.replace('[id]', 'any')
    const bytes = await firstLoadBytes((signedOut ? visitor : page).request, path, known)
    if (bytes > budgetKb * 1000) over.push(`${route}: ${Math.round(bytes / 1000)} kB of ${budgetKb}`)
  }
  expect(over).toEqual([])
})
