import { join } from 'node:path'
import type { JobFile } from '../profile/job-file'

/** Where a path of the container lies: on a mount of the node's disk, or in the container's own layer that goes with it. */
export function resolveContainerPath(
  path: string,
  mounts: JobFile['mounts'],
  ownLayer: string,
): { path: string; readOnly: boolean; mounted: boolean } {
  const clean = `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`
  if (clean.split('/').includes('..')) throw new Error(`a path with ".." was refused: ${path}`)
  const under = mounts
    .filter((m) => clean === m.containerPath || clean.startsWith(`${m.containerPath.replace(/\/$/, '')}/`))
    .sort((a, b) => b.containerPath.length - a.containerPath.length)[0]
  if (!under) return { path: join(ownLayer, clean), readOnly: false, mounted: false }
  return {
    path: join(under.hostPath, clean.slice(under.containerPath.replace(/\/$/, '').length)),
    readOnly: under.readOnly,
    mounted: true,
  }
}
