import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'

const MAX_PATHS = 500
/** Entries looked at per folder: a folder with a million files must not stall the node. */
const MAX_ENTRIES = 200
const MIB = 1024 * 1024

/**
 * What lies below the data roots, two levels deep and capped: enough to answer "is the data there?". Folders first, so
 * that a folder full of files does not hide its neighbours. Links are listed by name and never followed.
 */
export async function scanDataPaths(roots: string[], pathRoot = '/'): Promise<Inventory['dataPaths']> {
  const found: Inventory['dataPaths'] = []
  let level = roots
  for (let depth = 0; depth < 2; depth++) {
    const next: string[] = []
    for (const folder of level) {
      for (const entry of await entries(join(pathRoot, folder))) {
        if (found.length >= MAX_PATHS) return found
        const path = join(folder, entry.name)
        if (path.length > 400) continue
        if (entry.kind === 'dir') next.push(path)
        found.push({ path, kind: entry.kind, sizeMib: entry.sizeMib })
      }
    }
    level = next
  }
  return found
}

async function entries(folder: string): Promise<{ name: string; kind: 'dir' | 'file'; sizeMib: number | null }[]> {
  const dirents = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const listed = dirents
    .filter((entry) => (entry.isDirectory() || entry.isFile()) && !entry.name.startsWith('.'))
    .sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || a.name.localeCompare(b.name))
    .slice(0, MAX_ENTRIES)
  return Promise.all(
    listed.map(async (entry) => {
      if (entry.isDirectory()) return { name: entry.name, kind: 'dir' as const, sizeMib: null }
      const size = await stat(join(folder, entry.name)).then(
        (s) => s.size,
        () => null,
      )
      return {
        name: entry.name,
        kind: 'file' as const,
        sizeMib: size === null ? null : Math.round((size / MIB) * 100) / 100,
      }
    }),
  )
}
