// First-load JavaScript of each page, from the manifests of the last build: Next prints no sizes any more.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import vm from 'node:vm'
import { gzipSync } from 'node:zlib'

/**
 * @param {string} web folder of the web app, built
 * @param {string} route as in the address, "/nodes/[id]"
 * @returns {Promise<{ bytes: number, files: { file: string, bytes: number }[] }>} gzip
 */
export async function pageWeight(web, route) {
  const next = path.join(web, '.next')
  const { rootMainFiles } = JSON.parse(await readFile(path.join(next, 'build-manifest.json'), 'utf8'))
  const page = await findPage(next, route)
  const entries = await entryFiles(path.join(next, 'server/app', `${page}_client-reference-manifest.js`), page)
  const files = []
  for (const file of new Set([...rootMainFiles, ...entries]))
    files.push({ file, bytes: gzipSync(await readFile(path.join(next, file)), { level: 9 }).length })
  return { bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), files }
}

/** The page of a route: its folders may stand in groups, "(app)/fleet/page". */
async function findPage(next, route) {
  const routes = JSON.parse(await readFile(path.join(next, 'app-path-routes-manifest.json'), 'utf8'))
  const wanted = withoutNames(route)
  const found = Object.entries(routes).find(([, address]) => withoutNames(address) === wanted)
  if (!found) throw new Error(`The build has no page ${route}. Build first: npm run build.`)
  return found[0].replace(/^\//, '')
}

const withoutNames = (route) => route.replace(/\[[^\]]*\]/g, '[]')

/** What a route needs in the browser: its layouts, its page, and the pages that stand by for errors. */
async function entryFiles(manifest, page) {
  const context = { globalThis: {} }
  vm.runInNewContext(await readFile(manifest, 'utf8'), context)
  const { entryJSFiles } = context.globalThis.__RSC_MANIFEST[`/${page}`]
  return Object.entries(entryJSFiles)
    .filter(([entry]) => !entry.includes('/builtin/'))
    .flatMap(([, files]) => files)
}
