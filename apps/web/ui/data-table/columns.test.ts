import { expect, it } from 'vitest'
import { type Column, parseSort, printSort, sortRows, toCsv } from './columns'

type Row = { name: string; util: number | null }
const columns: Column<Row>[] = [
  { key: 'name', label: 'Name', value: (row) => row.name },
  { key: 'util', label: 'Util, %', numeric: true, value: (row) => row.util },
]
const rows: Row[] = [
  { name: 'node-10', util: null },
  { name: 'node-9', util: 5 },
  { name: 'node-2', util: 80 },
]
const names = (sort: string) =>
  sortRows(rows, columns, parseSort(sort, { key: 'name', descending: false })).map((r) => r.name)

it('sorts names as people count', () => {
  expect(names('name')).toEqual(['node-2', 'node-9', 'node-10'])
})
it('puts the unknown last whichever way it sorts', () => {
  expect(names('util')).toEqual(['node-9', 'node-2', 'node-10'])
  expect(names('-util')).toEqual(['node-2', 'node-9', 'node-10'])
})
it('keeps a sort in the address', () => {
  expect(printSort(parseSort('-util', { key: 'name', descending: false }))).toBe('-util')
})
it('writes unknown as empty and never as a formula', () => {
  expect(toCsv([{ name: '=cmd()', util: null }], columns)).toBe('Name,"Util, %"\n\'=cmd(),')
})
