import { rm } from 'node:fs/promises'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { kernelToldOom } from './kernel-oom'

const folder = mkdtempSync(path.join(tmpdir(), 'clawbernetes-kmsg-'))
afterAll(() => rm(folder, { recursive: true }))

describe('the kernel log on memory kills', () => {
  const id = 'c325a79e685532c29327b97567361db68cf4ac3aea5929a20b79448ed384f54d'
  const record = `6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/libpod_parent/libpod-${id},task=tail,pid=22525,uid=0\n`

  it('tells the container that was meant, and no other', () => {
    const file = path.join(folder, 'kmsg')
    writeFileSync(file, record)
    expect(kernelToldOom(id, file)).toBe(true)
    expect(kernelToldOom('another', file)).toBe(false)
  })

  it('says null where it cannot be read', () => {
    expect(kernelToldOom(id, path.join(folder, 'nothing'))).toBeNull()
  })
})
