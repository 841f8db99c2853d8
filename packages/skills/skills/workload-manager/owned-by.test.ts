import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import { expect, it } from 'vitest'
import { ownedBy } from './owned-by'

const pool = ['Lena Fischer', 'Lena Fischer', 'Jonas Weber', 'May Li'].map(
  (name, i) => ({ name: `w${i}`, owner: { id: name, name } }) as unknown as LiveWorkload,
)
const names = (text: string) => ownedBy(pool, text).workloads.map((w) => w.name)

it.each([
  ['stop all workloads of Lena', ['w0', 'w1']],
  ['stop everything of jonas weber', ['w2']],
  ["delete Lena's failed jobs", ['w0', 'w1']],
  ['what is running for jonas?', ['w2']],
  ['stop all jobs by Lena and everything of Jonas', ['w0', 'w1', 'w2']],
])('%s', (text, expected) => expect(names(text)).toEqual(expected))

it.each(['you may stop everything', 'stop everything on node-03', 'stop jonas-train', 'stop all of it'])(
  'names nobody: %s',
  (text) => expect(ownedBy(pool, text)).toEqual({ workloads: pool, owners: [] }),
)
