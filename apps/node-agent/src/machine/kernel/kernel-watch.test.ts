import { expect, it } from 'vitest'
import { waitFor } from '../../../test/wait-for'
import { kernelWatch } from './kernel-watch'

it('falls back on dmesg where /dev/kmsg may not be read, and tells each line once', async () => {
  const lines = [
    '[  100.000000] NVRM: Xid (PCI:0000:17:00): 79, GPU has fallen off the bus.',
    '[  100.500000] eth0: link up',
  ]
  const keys: string[] = []
  const watch = kernelWatch({ bootId: 'b', kmsgPath: '/nonexistent', pollMs: 5, dmesg: async () => lines })
  const stop = watch.watch((event) => keys.push(`${event.kind} ${event.code} ${event.key}`))
  await waitFor('the first event', () => keys.length === 1)
  lines.push('[  101.000000] Out of memory: Killed process 77 (python3)')
  await waitFor('the second event', () => keys.length === 2)
  stop()
  expect(keys.map((key) => key.split(' ').slice(0, 2).join(' '))).toEqual(['xid 79', 'oom-kill 77'])
  expect(new Set(keys).size).toBe(2)
})

it('gives the lines that matter for a diagnosis', async () => {
  const watch = kernelWatch({ bootId: 'b', dmesg: async () => ['eth0: link up', 'NVRM: one', 'NVRM: two'] })
  expect(await watch.recent(1)).toEqual(['NVRM: two'])
})
