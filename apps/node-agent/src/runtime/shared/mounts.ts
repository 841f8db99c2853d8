import { stat } from 'node:fs/promises'
import type { Mount } from '@clawbernetes/protocol/node/replica'
import { RuntimeError } from '../runtime'

/** Engines make a missing source folder as root, or fail with words of their own: say it before, in ours. */
export async function requireMounts(mounts: readonly Mount[]): Promise<void> {
  for (const mount of mounts) {
    if (!(await exists(mount.hostPath))) {
      throw new RuntimeError('mount-missing', `${mount.hostPath} does not exist on this node.`)
    }
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
