import { rm } from 'node:fs/promises'
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spec } from '../../test/rig'
import { checkMounts, checkpointFolder, isWithin, resolveInRoots } from './mount-check'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'clawbernetes-mounts-')))
  for (const name of ['data/sub', 'database', 'store/big']) mkdirSync(join(folder, name), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

const roots = () => ({ roots: [join(folder, 'data')], pathRoot: '/' })

it('does not take a name that begins alike for a path below', async () => {
  expect(isWithin('/data-2/x', '/data')).toBe(false)
  expect(isWithin('/data/..hidden', '/data')).toBe(true)
  expect(await resolveInRoots(join(folder, 'database'), roots())).toBeNull()
})

it('lets a root be a link itself, and links inside that stay inside', async () => {
  symlinkSync(join(folder, 'store'), join(folder, 'mnt'))
  symlinkSync(join(folder, 'store/big'), join(folder, 'store/alias'))
  expect(await resolveInRoots(join(folder, 'mnt/alias'), { roots: [join(folder, 'mnt')], pathRoot: '/' })).toEqual({
    real: join(folder, 'store/big'),
    exists: true,
  })
})

it('refuses loops and files used as folders', async () => {
  symlinkSync(join(folder, 'data/b'), join(folder, 'data/a'))
  symlinkSync(join(folder, 'data/a'), join(folder, 'data/b'))
  writeFileSync(join(folder, 'data/file'), '')
  for (const path of ['data/a', 'data/a/x', 'data/file/x'])
    await expect(resolveInRoots(join(folder, path), roots())).rejects.toMatchObject({ code: 'mount-missing' })
})

it('gives the runtime real places, so that a link changed later is not followed', async () => {
  symlinkSync(join(folder, 'data/sub'), join(folder, 'data/latest'))
  const checked = await checkMounts(
    spec({
      runtime: 'container',
      mounts: [{ hostPath: join(folder, 'data/latest'), containerPath: '/x', readOnly: true }],
    }),
    roots(),
  )
  expect(checked.mounts[0]).toEqual({ hostPath: join(folder, 'data/sub'), containerPath: '/x', readOnly: true })
})

it('holds the working folder and checkpoints of a plain process to the data roots too', async () => {
  await expect(checkMounts(spec({ workdir: '/root' }), roots())).rejects.toMatchObject({
    code: 'mount-outside-data-roots',
  })
  await expect(
    checkMounts(spec({ checkpoint: { dir: join(folder, 'store'), signal: 'SIGUSR1' } }), roots()),
  ).rejects.toMatchObject({ code: 'mount-outside-data-roots' })
})

it('keeps a simulated node’s paths below its own folder', async () => {
  const where = { roots: ['/data'], pathRoot: folder }
  const checked = await checkMounts(
    spec({ mounts: [{ hostPath: '/data/new', containerPath: '/data/new', readOnly: false }] }),
    where,
  )
  expect(checked.mounts[0]?.hostPath).toBe(join(folder, 'data/new'))
  expect(await resolveInRoots('/etc', where)).toBeNull()
})

it('finds where a container’s checkpoints appear on the host', async () => {
  const mounted = spec({
    runtime: 'container',
    mounts: [{ hostPath: join(folder, 'data'), containerPath: '/work', readOnly: false }],
    checkpoint: { dir: '/work/sub', signal: 'SIGUSR1' },
  })
  expect(await checkpointFolder(mounted, roots())).toBe(join(folder, 'data/sub'))
  expect(
    await checkpointFolder({ ...mounted, checkpoint: { dir: '/elsewhere', signal: 'SIGUSR1' } }, roots()),
  ).toBeNull()
})
