import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { kernelEvent, parseKernelLine } from './kernel-line'

const lines = readFileSync(new URL('../../../fixtures/kernel-lines.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
const BOOT_MS = Date.UTC(2025, 2, 3, 6)

it('finds XIDs, SXIDs and OOM kills in every form the kernel log comes in', () => {
  const events = lines
    .map((line) => kernelEvent(parseKernelLine(line, BOOT_MS).message))
    .map((e) => e && [e.kind, e.code, e.pciBusId, e.pid])
  expect(events).toEqual([
    ['xid', 79, '0000:4b:00', null],
    null,
    ['xid', 31, '0000:17:00', 4711],
    ['xid', 94, '0000:31:00', 4712],
    ['xid', 154, '0000:ca:00', null],
    ['xid', 13, '0000:e3:00', null],
    ['sxid', 12028, '0000:c1:00.0', null],
    ['oom-kill', 5150, null, 5150],
    ['oom-kill', 5151, null, 5151],
    ['context-hung', null, '0000:0c:00.0', null],
    ['driver', null, null, null],
    null,
    null,
    null,
  ])
})

it('knows when each was printed', () => {
  const [kmsg, , seconds, human, iso, syslog] = lines.map((line) => parseKernelLine(line, BOOT_MS))
  expect(kmsg).toMatchObject({ seq: 2210, atMs: BOOT_MS + 987654 })
  expect(seconds?.atMs).toBe(BOOT_MS + 12345679)
  expect(human?.atMs).toBe(new Date(2025, 2, 3, 10).getTime())
  expect(iso?.atMs).toBe(Date.UTC(2025, 2, 3, 10, 0, 0, 250))
  expect(syslog?.atMs).toBeNull()
})

it('does not read further lines of a record as its message', () => {
  expect(parseKernelLine('6,10,1000,-;usb 1-1: hello\n SUBSYSTEM=usb\n DEVICE=+usb:1-1', 0).message).toBe(
    'usb 1-1: hello',
  )
})
