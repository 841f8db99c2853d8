// What a browser must load before a page works, against the budgets that also fail the tests.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { pageWeight } from '../lib/page-weight.mjs'

const WEB = fileURLToPath(new URL('../../apps/web', import.meta.url))
const BUDGETS = fileURLToPath(new URL('../../e2e/page-budgets.json', import.meta.url))

export async function* rows() {
  const { routes } = JSON.parse(await readFile(BUDGETS, 'utf8'))
  for (const [route, budgetKb] of Object.entries(routes)) {
    const { bytes } = await pageWeight(process.env.CLAWBERNETES_WEB_DIR ?? WEB, route)
    const kb = bytes / 1000
    yield {
      figure: `first-load JS of ${route}, gzip`,
      value: `${kb.toFixed(0)} kB`,
      bar: `≤ ${budgetKb} kB`,
      met: kb <= budgetKb,
      command: 'npm run build && npm run bench -- pages',
    }
  }
}
