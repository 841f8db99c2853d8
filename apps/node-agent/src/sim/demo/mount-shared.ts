import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Puts the fleet's shared folders into a simulated node's disk, as a network file system would be mounted: each is a data root of
 * its own. What a node had written there before it was shared is kept, the newest of two with one name as it is in the shared one.
 */
export function mountShared(root: string, network: { folders: readonly string[]; dir: string }): void {
  for (const folder of network.folders) {
    const [mountPoint, real] = [join(root, folder), join(network.dir, folder)]
    mkdirSync(real, { recursive: true })
    mkdirSync(dirname(mountPoint), { recursive: true })
    const there = lstatSync(mountPoint, { throwIfNoEntry: false })
    if (there?.isSymbolicLink()) continue
    if (there) {
      for (const name of readdirSync(mountPoint))
        if (!existsSync(join(real, name))) renameSync(join(mountPoint, name), join(real, name))
      rmSync(mountPoint, { recursive: true, force: true })
    }
    symlinkSync(real, mountPoint)
  }
}
