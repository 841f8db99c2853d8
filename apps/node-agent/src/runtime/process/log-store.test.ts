import { rm } from 'node:fs/promises'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RuntimeLine } from '../runtime'
import { LogFollower } from './log-follower'
import { listSegments, LogWriter } from './log-store'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'clawbernetes-log-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function readAll(sinceUs = 0): Promise<RuntimeLine[]> {
  const lines: RuntimeLine[] = []
  const follower = new LogFollower(
    dir,
    sinceUs,
    () => true,
    (line) => lines.push(line),
    () => {},
  )
  await follower.done
  return lines
}
const texts = (lines: RuntimeLine[]) => lines.map((line) => line.text)

describe('stored output', () => {
  it('is kept up to its limit, the newest of it', async () => {
    const log = new LogWriter(dir, { segmentBytes: 1000, segments: 3 })
    for (let i = 0; i < 500; i += 1) log.write('stdout', [`line ${i}`])
    expect(listSegments(dir)).toHaveLength(3)
    const kept = texts(await readAll())
    expect(kept.at(-1)).toBe('line 499')
    expect(kept.length).toBeLessThan(150)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => `line ${500 - kept.length + i}`))
  })

  it('has times that grow strictly, also over a change of the writer, and each is a cursor', async () => {
    new LogWriter(dir).write('stdout', ['a', 'b', 'c'])
    new LogWriter(dir).write('stderr', ['d', 'e'])
    const lines = await readAll()
    expect(texts(lines)).toEqual(['a', 'b', 'c', 'd', 'e'])
    for (const [index, line] of lines.entries()) {
      expect(texts(await readAll(Math.round(line.atMs * 1000)))).toEqual(texts(lines).slice(index + 1))
    }
  })

  it('is read on as it grows, and says when the reader was overtaken', async () => {
    const log = new LogWriter(dir, { segmentBytes: 500, segments: 2 })
    log.write('stdout', ['first'])
    const lines: RuntimeLine[] = []
    let ended = false
    const follower = new LogFollower(
      dir,
      0,
      () => ended,
      (line) => lines.push(line),
      () => {},
    )
    while (lines.length < 1) await sleep(10)
    for (let i = 0; i < 300; i += 1) log.write('stdout', [`line ${i}`])
    ended = true
    await follower.done
    expect(texts(lines)[0]).toBe('first')
    expect(lines.some((line) => line.stream === 'agent')).toBe(true)
    expect(texts(lines).at(-1)).toBe('line 299')
  })
})
