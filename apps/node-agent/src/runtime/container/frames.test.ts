import { describe, expect, it } from 'vitest'
import { FrameReader } from './frames'

const frame = (stream: number, text: string) => {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

describe('the multiplexed stream of an engine', () => {
  it('is taken apart however it arrives', () => {
    const bytes = Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, ''), frame(1, 'thr')])
    for (const size of [1, 3, 8, 9, bytes.length]) {
      const reader = new FrameReader()
      const frames = []
      for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)))
      expect(frames.map(({ stream, payload }) => [stream, payload.toString()])).toEqual([
        ['stdout', 'one\n'],
        ['stderr', 'two\n'],
        ['stdout', ''],
        ['stdout', 'thr'],
      ])
    }
  })
})
