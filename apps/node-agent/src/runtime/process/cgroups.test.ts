import { rm } from 'node:fs/promises'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cgroupFolders, createCgroups, findCgroups, oomKillsIn } from './cgroups'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clawbernetes-cgroups-'))
})
afterEach(() => rm(folder, { recursive: true }))

const mounts = (...lines: string[]) => {
  const file = path.join(folder, 'mounts')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}
const read = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8')

/** A tree of plain files in the place of the kernel's: what is written where can be seen, not that it is obeyed. */
const makeV2 = () => {
  mkdirSync(path.join(folder, 'v2', 'clawbernetes'), { recursive: true })
  for (const at of ['v2', 'v2/clawbernetes'])
    writeFileSync(path.join(folder, at, 'cgroup.controllers'), 'cpuset cpu io memory pids\n')
  return findCgroups(mounts(`cgroup2 ${folder}/v2 cgroup2 rw,nosuid 0 0`))
}

describe('control groups', () => {
  it('of version 2 take all limits in one folder, and kill a replica as a whole', () => {
    const host = makeV2()
    const { folders, missed } = createCgroups(host, 'rep-g1', { memoryMib: 64, cpus: 1.5, pidsMax: 100 })
    expect(folders).toEqual([path.join(folder, 'v2/clawbernetes/rep-g1')])
    expect(missed).toEqual([])
    expect(cgroupFolders(host, 'rep-g1')).toEqual(folders)
    const value = (file: string) => read('v2/clawbernetes/rep-g1', file)
    expect(value('memory.max')).toBe(String(64 * 1024 * 1024))
    expect([value('memory.swap.max'), value('memory.oom.group'), value('cpu.max'), value('pids.max')]).toEqual([
      '0',
      '1',
      '150000 100000',
      '100',
    ])
  })

  it('without limits set none', () => {
    createCgroups(makeV2(), 'rep-g1', { memoryMib: null, cpus: null, pidsMax: null })
    expect(existsSync(path.join(folder, 'v2/clawbernetes/rep-g1/memory.max'))).toBe(false)
  })

  it('of version 1 beside version 2 are used for the controllers that they hold', () => {
    for (const name of ['memory', 'pids', 'unified']) mkdirSync(path.join(folder, name))
    writeFileSync(path.join(folder, 'unified', 'cgroup.controllers'), '\n')
    const lines = ['memory', 'pids'].map((name) => `cgroup ${folder}/${name} cgroup rw,relatime,${name} 0 0`)
    const host = findCgroups(mounts(...lines, `cgroup2 ${folder}/unified cgroup2 rw 0 0`))
    const { missed } = createCgroups(host, 'rep-g1', { memoryMib: 8, cpus: 1, pidsMax: 5 })
    expect(missed).toEqual(['cpu'])
    expect(read('memory/clawbernetes/rep-g1/memory.limit_in_bytes')).toBe(String(8 * 1024 * 1024))
    expect(read('pids/clawbernetes/rep-g1/pids.max')).toBe('5')
  })

  it('that cannot be had are said to be missed, as far as they were asked for', () => {
    const host = findCgroups(mounts('proc /proc proc rw 0 0'))
    expect(createCgroups(host, 'rep-g1', { memoryMib: 8, cpus: null, pidsMax: 4 })).toEqual({
      folders: [],
      missed: ['memory', 'pids'],
    })
  })

  it('count the memory kills of both versions; without a counter that is not zero but unknown', () => {
    writeFileSync(path.join(folder, 'memory.events'), 'low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 1\n')
    expect(oomKillsIn([folder])).toBe(2)
    rmSync(path.join(folder, 'memory.events'))
    writeFileSync(path.join(folder, 'memory.oom_control'), 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n')
    expect(oomKillsIn([folder])).toBe(4)
    expect(oomKillsIn(['/no/such'])).toBeNull()
  })
})
