import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ScenarioNode } from '../scenarios/scenario'
import { keepsHoles, makeSparse } from './sparse-files'

/**
 * Makes the files that a simulated node's disk begins with. They are sparse: as large as the scenario says, and almost
 * nothing on the disk that they lie on; on a disk that cannot do that they are empty. What is there already stays.
 */
export function layOutDisk(root: string, node: ScenarioNode): void {
  mkdirSync(root, { recursive: true })
  const holes = keepsHoles(root)
  for (const { path, files } of node.paths) {
    const folder = join(root, path)
    mkdirSync(folder, { recursive: true })
    for (const { name, sizeMib } of files) makeSparse(join(folder, name), holes ? sizeMib : 0)
  }
}
