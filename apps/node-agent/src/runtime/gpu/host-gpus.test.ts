import { rm } from 'node:fs/promises'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { amdGpus, amdUniqueId, findAmdGpu, nvidiaNodes } from './host-gpus'

const folder = mkdtempSync(path.join(tmpdir(), 'clawbernetes-gpus-'))
afterAll(() => rm(folder, { recursive: true }))

const put = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
  writeFileSync(path.join(folder, file), text)
}

describe('the GPUs that the kernel drivers list', () => {
  it('finds an AMD GPU by its unique id in every notation; the CPU node is none', () => {
    put('kfd/0/properties', 'cpu_cores_count 64\nunique_id 0\ndrm_render_minor 0\n')
    put('kfd/1/properties', 'simd_count 480\ndrm_render_minor 128\nunique_id 12074390000000000000\n')
    const gpus = amdGpus(path.join(folder, 'kfd'))
    const id = 12074390000000000000n.toString(16)
    expect(gpus).toEqual([{ uniqueId: id, renderNode: '/dev/dri/renderD128' }])
    for (const uuid of [`0x${id}`, `GPU-${id}`, id.toUpperCase()]) expect(findAmdGpu(uuid, gpus)).toBe(gpus[0])
    expect(amdUniqueId('0x1f')).toBe('000000000000001f')
    expect(findAmdGpu('GPU-other', gpus)).toBeUndefined()
  })

  it('gives the device node of an NVIDIA GPU by UUID', () => {
    put('nvidia/0000:18:00.0/information', 'Model: \t\t NVIDIA H100\nGPU UUID: \t GPU-abc\nDevice Minor: \t 3\n')
    put('nvidia/0000:2a:00.0/information', 'Model: \t\t Unknown\nGPU UUID: \t GPU-lost\n')
    expect([...nvidiaNodes(path.join(folder, 'nvidia'))]).toEqual([['GPU-abc', '/dev/nvidia3']])
    expect(nvidiaNodes('/no/such').size).toBe(0)
  })
})
