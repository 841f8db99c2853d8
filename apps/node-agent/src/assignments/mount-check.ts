import { lstat, mkdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { RuntimeError } from '../runtime/runtime'

export interface DataRoots {
  roots: string[]
  /** Folder in which the node's absolute paths live; "/" on a real machine. */
  pathRoot: string
}

/** `child` is `parent` or lies below it. Both absolute and resolved. */
export function isWithin(child: string, parent: string): boolean {
  const way = relative(parent, child)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`))
}

/**
 * The real place of a path of the control plane, with every symbolic link resolved; null when that is outside the data
 * roots, wherever the path seems to point. For a path that does not exist, its nearest existing ancestor decides.
 */
export async function resolveInRoots(
  path: string,
  { roots, pathRoot }: DataRoots,
): Promise<{ real: string; exists: boolean } | null> {
  const { real, exists } = await resolveExisting(join(pathRoot, path))
  for (const root of roots) {
    const realRoot = await realpath(join(pathRoot, root)).catch(() => null)
    if (realRoot !== null && isWithin(real, realRoot)) return { real, exists }
  }
  return null
}

async function resolveExisting(path: string): Promise<{ real: string; exists: boolean }> {
  try {
    return { real: await realpath(path), exists: true }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A dangling link, a loop, a file used as a folder: nothing a workload may be given.
    if (code !== 'ENOENT' || (await isLink(path)))
      throw new RuntimeError('mount-missing', `The path ${path} cannot be used (${code}).`)
    const parent = dirname(path)
    if (parent === path) throw error
    return {
      real: join((await resolveExisting(parent)).real, path.slice(parent.length).replace(/^\/+/, '')),
      exists: false,
    }
  }
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  )
}

/**
 * The spec with every host path checked against the data roots and replaced by its real place, so that a link changed
 * afterwards is not followed. Missing folders that may be written to are made; missing read-only ones are an error.
 */
export async function checkMounts(spec: ReplicaSpec, where: DataRoots): Promise<ReplicaSpec> {
  const mounts = []
  for (const mount of spec.mounts) {
    const real = await placeFor(mount.hostPath, where, mount.readOnly ? 'read' : 'write')
    mounts.push({ ...mount, hostPath: real })
  }
  if (spec.runtime !== 'process') return { ...spec, mounts }
  // A plain process sees the machine's own folders: its working folder and checkpoints are held to the same roots.
  const workdir = spec.workdir === null ? null : await placeFor(spec.workdir, where, 'write')
  const checkpoint = spec.checkpoint && { ...spec.checkpoint, dir: await placeFor(spec.checkpoint.dir, where, 'write') }
  return { ...spec, mounts, workdir, checkpoint }
}

async function placeFor(path: string, where: DataRoots, use: 'read' | 'write'): Promise<string> {
  const place = await resolveInRoots(path, where)
  if (!place) {
    const roots = where.roots.length > 0 ? where.roots.join(', ') : 'none are set'
    throw new RuntimeError('mount-outside-data-roots', `The path ${path} is outside this node's data roots (${roots}).`)
  }
  if (place.exists) return place.real
  if (use === 'read') throw new RuntimeError('mount-missing', `The path ${path} does not exist on this node.`)
  await mkdir(place.real, { recursive: true })
  return place.real
}

/** The host's folder in which a replica's checkpoints appear; null when no mount shows it. */
export async function checkpointFolder(spec: ReplicaSpec, where: DataRoots): Promise<string | null> {
  const dir = spec.checkpoint?.dir
  if (!dir) return null
  let path: string | null = spec.runtime === 'process' ? dir : null
  for (const mount of spec.mounts) {
    if (isWithin(dir, mount.containerPath)) path = join(mount.hostPath, relative(mount.containerPath, dir))
  }
  if (path === null) return null
  const place = await resolveInRoots(path, where).catch(() => null)
  return place?.exists && (await stat(place.real)).isDirectory() ? place.real : null
}
