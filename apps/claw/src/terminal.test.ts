import { describe, expect, it } from 'vitest'
import { table } from './table'
import { oneLine, plain } from './terminal'

describe('text from the server', () => {
  it('cannot move the cursor, change colours or hide, also when a sequence is cut in two', () => {
    const evil = 'a\u001b[2J\u001b]0;title\u0007b\r\u0008c\u009b31m\u202egpj\u200b'
    expect(plain(evil)).toBe('a[2J]0;titlebc31mgpj')
    expect(plain('one\u001b') + plain('[31mtwo')).toBe('one[31mtwo')
    expect(plain('line\n\ttab')).toBe('line\n\ttab')
    expect(oneLine('  a\n b\t c ')).toBe('a b c')
  })
})

describe('a table', () => {
  const rows = [
    { name: 'node-01', note: 'x'.repeat(200), gpus: 4 },
    { name: 'node-with-a-long-name', note: 'a\nb', gpus: null },
  ]
  const columns = [
    { title: 'NODE', value: (r: (typeof rows)[number]) => r.name },
    { title: 'NOTE', value: (r: (typeof rows)[number]) => r.note },
    { title: 'GPUS', value: (r: (typeof rows)[number]) => r.gpus, align: 'right' as const },
  ]

  it('fits every terminal, and says what is unknown', () => {
    for (const width of [40, 60, 80, 200]) {
      const lines = table(rows, columns, width).trimEnd().split('\n')
      expect(lines).toHaveLength(3)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    }
    expect(table(rows, columns, 80)).toContain('–')
  })

  it('is lines of cells between tabs in a pipe, with nothing cut', () => {
    const [head, first, second] = table(rows, columns, null).split('\n')
    expect(head).toBe('NODE\tNOTE\tGPUS')
    expect(first).toBe(`node-01\t${'x'.repeat(200)}\t4`)
    expect(second).toBe('node-with-a-long-name\ta b\t–')
  })
})
