import { rm } from 'node:fs/promises'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostReader } from '../src/machine/host'
import { KnownGpus } from '../src/machine/known-gpus'
import { NvidiaDriver } from '../src/machine/nvidia/nvidia-driver'
import { waitFor } from './wait-for'

/** Stands for nvidia-smi: answers with the files beside it, refuses the fields in `unknown`, hangs while `hang` is there. */
const FAKE_SMI = `#!/bin/sh
cd "$(dirname "$0")" || exit 9
echo "$*" >> calls
[ -e hang ] && exec sleep 600
case "$*" in
  *--query-gpu=*)
    for field in $(cat unknown 2>/dev/null); do
      case "$*" in *"$field"*) echo "Field \\"$field\\" is not a valid field to query."; exit 2 ;; esac
    done
    case "$*" in "-i "*) cat query.rest ;; *) cat query; exit "$(cat query.code 2>/dev/null || echo 0)" ;; esac ;;
  *--query-compute-apps=*) cat apps 2>/dev/null ;;
  "-q -x"*) cat report.xml 2>/dev/null || exit 1 ;;
  "topo -m") cat topo 2>/dev/null ;;
  *) cat report.txt 2>/dev/null ;;
esac
`

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
const A = 'GPU-10000000-aaaa-4bbb-8ccc-000000000000'
const B = 'GPU-10000000-aaaa-4bbb-8ccc-000000000001'
const HEADER =
  'index, uuid, pci.bus_id, name, memory.total [MiB], memory.used [MiB], utilization.gpu [%], temperature.gpu'
const ROW_A = `0, ${A}, 00000000:17:00.0, NVIDIA A100-SXM4-80GB, 81920 MiB, 100 MiB, 5 %, 40`
const ROW_B = `1, ${B}, 00000000:31:00.0, NVIDIA A100-SXM4-80GB, 81920 MiB, 200 MiB, 6 %, 41`

let folder: string
const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')

function driver(): NvidiaDriver {
  const kernel = { watch: () => () => {}, recent: async () => [] }
  return new NvidiaDriver({
    host: new HostReader(),
    kernel,
    known: new KnownGpus(join(folder, 'gpus.json')),
    tool: join(folder, 'nvidia-smi'),
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawbernetes-smi-'))
  put('nvidia-smi', FAKE_SMI)
  chmodSync(join(folder, 'nvidia-smi'), 0o755)
  put(
    'report.xml',
    fixture('nvidia-report.v12.xml')
      .replace('<reset_required>Yes', '<reset_required>No')
      .replace('Unknown Error', '40 C'),
  )
  put('query', `${HEADER}\n${ROW_A}\n${ROW_B}\n`)
  put('topo', '\t\u001b[4mGPU0\tGPU1\tCPU Affinity\u001b[0m\nGPU0\t X \tNV12\t0-31\nGPU1\tNV12\t X \t0-31\n')
})
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

it('describes and reads the GPUs', async () => {
  const d = driver()
  const facts = await d.facts()
  expect(facts).toMatchObject({ driver: 'nvidia', driverVersion: '550.90.07', cudaVersion: '12.4', demo: false })
  expect(facts.gpus.map((gpu) => [gpu.uuid, gpu.index, gpu.model, gpu.linkDomain, gpu.readability])).toEqual([
    [A, 0, 'A100-80GB', '5f1d7a90-0000-4000-8000-00000000abcd/7', 'ok'],
    [B, 1, 'A100-80GB', 'nvlink-0', 'ok'],
  ])
  const reading = await d.read()
  expect(reading.gpus.map((gpu) => [gpu.utilPct, gpu.memUsedMib, gpu.powerW, gpu.readability])).toEqual([
    [5, 100, null, 'ok'],
    [6, 200, null, 'ok'],
  ])
  expect(reading.counters).toContainEqual({
    uuid: A,
    kind: 'pcie-replay',
    location: 'total',
    scope: 'volatile',
    value: 3,
  })
})

it('asks an older driver by older names and leaves out what it has no name for', async () => {
  put(
    'unknown',
    'clocks_event_reasons.active temperature.gpu.tlimit gpu_recovery_action ecc.errors.corrected.volatile.sram',
  )
  const d = driver()
  await d.facts()
  await d.read()
  const last = calls().findLast((line) => line.includes('--query-gpu')) ?? ''
  expect(last).toContain('clocks_throttle_reasons.active')
  expect(last).not.toMatch(/tlimit|gpu_recovery_action|clocks_event_reasons/)
  expect((await d.read()).gpus.map((gpu) => gpu.utilPct)).toEqual([5, 6])
})

it('calls a GPU lost that is missing from the list, also after a restart of the agent', async () => {
  await driver().facts()
  put('query', `${HEADER}\n${ROW_A}\n`)
  const [a, b] = (await driver().read()).gpus
  expect(a).toMatchObject({ uuid: A, utilPct: 5, readability: 'ok' })
  expect(b).toMatchObject({ uuid: B, utilPct: null, memUsedMib: null, tempC: null, readability: 'lost' })
})

it('goes on reading the others when one broken GPU spoils the query for all', async () => {
  const d = driver()
  await d.facts()
  put(
    'query',
    'Unable to determine the device handle for GPU 0000:31:00.0: GPU is lost.  Reboot the system to recover this GPU\n',
  )
  put('query.code', '15')
  put('query.rest', `${HEADER}\n${ROW_A}\n`)
  expect((await d.read()).gpus.map((gpu) => [gpu.utilPct, gpu.readability])).toEqual([
    [5, 'ok'],
    [null, 'lost'],
  ])
  expect(calls().some((line) => line.startsWith('-i 00000000:17:00.0 '))).toBe(true)
})

it('fails closed when the driver as a whole does not answer: unreadable, never zero', async () => {
  const d = driver()
  await d.facts()
  put('query', 'Failed to initialize NVML: Driver/library version mismatch\n')
  put('query.code', '18')
  const reading = await d.read()
  expect(reading.gpus.map((gpu) => [gpu.utilPct, gpu.memUsedMib, gpu.readability])).toEqual([
    [null, null, 'unreadable'],
    [null, null, 'unreadable'],
  ])
  expect(reading.host.memUsedMib).toBeGreaterThan(0)
})

it('does not wait for a driver that hangs, nor pile calls on top of it', { timeout: 60_000 }, async () => {
  const d = driver()
  await d.facts()
  put('hang', '')
  const startedMs = Date.now()
  expect((await d.read()).gpus.map((gpu) => gpu.readability)).toEqual(['unreadable', 'unreadable'])
  expect(Date.now() - startedMs).toBeLessThan(20_000)
  rmSync(join(folder, 'hang'))
  await waitFor('it to be read again', async () => (await d.read()).gpus.every((gpu) => gpu.readability === 'ok'))
})

it('tells when the driver wants a reset, and treats the GPU as unusable until then', async () => {
  const events: [string, number | null][] = []
  const d = driver()
  d.watch((event) => events.push([event.kind, event.code]))
  put(
    'report.xml',
    fixture('nvidia-report.v12.xml')
      .replace('</serial>', '</serial><gpu_recovery_action>Reset</gpu_recovery_action>')
      .replace('Unknown Error', '40 C'),
  )
  await d.facts()
  expect(events).toEqual([['driver', 1]])
  expect((await d.read()).gpus.map((gpu) => gpu.readability)).toEqual(['requires-reset', 'requires-reset'])
})

it('falls back on the text report where the XML is broken', async () => {
  put('report.xml', '<?xml version="1.0" ?><nvidia_smi_log><gpu id="0')
  put('report.txt', fixture('nvidia-report.margins.txt'))
  put('query', `${HEADER}\n`)
  expect((await driver().facts()).gpus).toMatchObject([
    { model: 'H100-80GB', slowdownMarginC: -2, migEnabled: true, readability: 'lost' },
  ])
})
