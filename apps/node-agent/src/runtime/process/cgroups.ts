import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export type Controller = 'memory' | 'cpu' | 'pids'
const CONTROLLERS: readonly Controller[] = ['memory', 'cpu', 'pids']
const FOLDER = 'clawbernetes'
const CPU_PERIOD_US = 100_000

export interface CgroupLimits {
  memoryMib: number | null
  cpus: number | null
  pidsMax: number | null
}

export interface CgroupHost {
  /** Where each usable controller's tree for our replicas starts; several share a folder on cgroup v2. */
  roots: Map<Controller, { folder: string; version: 1 | 2 }>
}

/** What of the control groups this process may use: finds the mounts of v1, v2 or both side by side, and tries to make a folder. */
export function findCgroups(mountsFile = '/proc/self/mounts'): CgroupHost {
  const roots: CgroupHost['roots'] = new Map()
  for (const line of readLines(mountsFile)) {
    const [, mountPoint, type, options] = line.split(' ')
    if (!mountPoint) continue
    if (type === 'cgroup2') {
      const folder = enterV2(mountPoint)
      for (const controller of folder ? controllersOf(folder) : []) {
        if (folder && !roots.has(controller)) roots.set(controller, { folder, version: 2 })
      }
    }
    if (type !== 'cgroup') continue
    for (const controller of CONTROLLERS.filter((c) => options?.split(',').includes(c))) {
      const folder = path.join(mountPoint, FOLDER)
      if (makeFolder(folder)) roots.set(controller, { folder, version: 1 })
    }
  }
  return { roots }
}

/** Our branch below the root of v2, with the controllers handed down twice: to it, and to the replicas in it. */
function enterV2(mountPoint: string): string | null {
  const folder = path.join(mountPoint, FOLDER)
  for (const controller of controllersOf(mountPoint))
    tryWrite(path.join(mountPoint, 'cgroup.subtree_control'), `+${controller}`)
  if (!makeFolder(folder)) return null
  for (const controller of controllersOf(folder))
    tryWrite(path.join(folder, 'cgroup.subtree_control'), `+${controller}`)
  return folder
}

const controllersOf = (folder: string): Controller[] => {
  const names = readLines(path.join(folder, 'cgroup.controllers')).join(' ').split(' ')
  return CONTROLLERS.filter((controller) => names.includes(controller))
}

/** Makes a replica's cgroups with its limits; returns their folders and which limits could not be set. */
export function createCgroups(
  host: CgroupHost,
  name: string,
  limits: CgroupLimits,
): { folders: string[]; missed: Controller[] } {
  const folders = new Set<string>()
  const missed: Controller[] = []
  for (const controller of CONTROLLERS) {
    const root = host.roots.get(controller)
    const folder = root && path.join(root.folder, name)
    if (root && folder && makeFolder(folder)) {
      folders.add(folder)
      if (!setLimit(controller, root.version, folder, limits)) missed.push(controller)
    } else if (limitOf(controller, limits) !== null) missed.push(controller)
  }
  return { folders: [...folders], missed }
}

const limitOf = (controller: Controller, limits: CgroupLimits): number | null =>
  ({ memory: limits.memoryMib, cpu: limits.cpus, pids: limits.pidsMax })[controller]

function setLimit(controller: Controller, version: 1 | 2, folder: string, limits: CgroupLimits): boolean {
  const limit = limitOf(controller, limits)
  if (limit === null) return true
  const write = (file: string, value: string) => tryWrite(path.join(folder, file), value)
  if (controller === 'pids') return write('pids.max', String(limit))
  if (controller === 'cpu') {
    const quotaUs = String(Math.max(1000, Math.round(limit * CPU_PERIOD_US)))
    if (version === 2) return write('cpu.max', `${quotaUs} ${CPU_PERIOD_US}`)
    return write('cpu.cfs_period_us', String(CPU_PERIOD_US)) && write('cpu.cfs_quota_us', quotaUs)
  }
  const bytes = String(limit * 1024 * 1024)
  if (version === 2) {
    // The whole replica dies together, and swap is no way around the limit. Both are missing on old kernels.
    write('memory.oom.group', '1')
    write('memory.swap.max', '0')
    return write('memory.max', bytes)
  }
  const set = write('memory.limit_in_bytes', bytes)
  write('memory.memsw.limit_in_bytes', bytes)
  return set
}

/** How many processes the kernel killed for memory in these cgroups; null where none of them counts memory. */
export function oomKillsIn(folders: string[]): number | null {
  for (const folder of folders) {
    for (const file of ['memory.events', 'memory.oom_control']) {
      const line = readLines(path.join(folder, file)).find((text) => text.startsWith('oom_kill '))
      if (line) return Number(line.slice('oom_kill '.length))
    }
  }
  return null
}

/** Removes empty cgroups; false while one still holds a process, and be it one that has ended and was not waited for. */
export function removeCgroups(folders: string[]): boolean {
  let removed = true
  for (const folder of folders) {
    try {
      rmdirSync(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') removed = false
    }
  }
  return removed
}

/** Where a replica's cgroups are or would be, whether they exist or not. */
export const cgroupFolders = (host: CgroupHost, name: string): string[] => [
  ...new Set([...host.roots.values()].map((root) => path.join(root.folder, name))),
]

function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true })
    return true
  } catch {
    return false
  }
}

function tryWrite(file: string, value: string): boolean {
  try {
    writeFileSync(file, value)
    return true
  } catch {
    return false
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
