import { existsSync, ftruncateSync, mkdirSync, openSync, closeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ScenarioNode } from '../scenarios/scenario'

/**
 * Makes the files that a simulated node's disk begins with. They are sparse: as large as the scenario says, and almost
 * nothing on the disk that they lie on. What is there already stays.
 */
export function layOutDisk(root: string, node: ScenarioNode): void {
  for (const { path, files } of node.paths) {
    const folder = join(root, path)
    mkdirSync(folder, { recursive: true })
    for (const { name, sizeMib } of files) makeSparse(join(folder, name), sizeMib)
  }
}

function makeSparse(path: string, sizeMib: number): void {
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true })
  const fd = openSync(path, 'w', 0o644)
  try {
    ftruncateSync(fd, sizeMib * 1024 * 1024)
  } finally {
    closeSync(fd)
  }
}
