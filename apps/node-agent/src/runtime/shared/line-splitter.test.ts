import { describe, expect, it } from 'vitest'
import { LineSplitter } from './line-splitter'

const split = (chunks: (string | Buffer)[], maxChars?: number) => {
  const splitter = new LineSplitter(maxChars)
  return [...chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk))), ...splitter.end()]
}

describe('cutting output into lines', () => {
  it('gives the same lines however the bytes arrive', () => {
    const text = 'one\ntwo\r\nthree ä €\n\nlast'
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]))
    expect(split([text])).toEqual(['one', 'two', 'three ä €', '', 'last'])
    expect(split(bytes)).toEqual(split([text]))
  })

  it('shows a progress bar as it moves', () => {
    expect(split(['10%\r20%\r', '30%\r\n', 'done\r'])).toEqual(['10%', '20%', '30%', 'done'])
  })

  it('sends a line without end in pieces, and cuts a long one at the same places', () => {
    expect(split(['a'.repeat(25)], 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)])
    expect(split([`${'a'.repeat(25)}\nb`], 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5), 'b'])
  })

  it('turns what is no UTF-8 into the replacement character', () => {
    expect(split([Buffer.from([0x61, 0xff, 0x62, 0x0a])])).toEqual(['a\ufffdb'])
  })
})
