import { rm } from 'node:fs/promises'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCdiDevices } from './cdi-specs'

const folder = mkdtempSync(path.join(tmpdir(), 'clawbernetes-cdi-'))
afterAll(() => rm(folder, { recursive: true }))

/** The shape of `nvidia-ctk cdi generate`, shortened. */
const GENERATED = `---
cdiVersion: 0.5.0
containerEdits:
  deviceNodes:
  - path: /dev/nvidiactl
  env:
  - NVIDIA_VISIBLE_DEVICES=void
  hooks:
  - args:
    - nvidia-cdi-hook
    hookName: createContainer
    path: /usr/bin/nvidia-cdi-hook
devices:
- containerEdits:
    deviceNodes:
    - path: /dev/nvidia0
    - path: /dev/dri/card1
    hooks:
    - args:
      - nvidia-cdi-hook
      path: /usr/bin/nvidia-cdi-hook
  name: "0"
- containerEdits:
    deviceNodes:
    - path: /dev/nvidia0
  name: GPU-5a1b8d0e-0000-1111-2222-333344445555
kind: nvidia.com/gpu
`

const BY_HAND = `cdiVersion: "0.5.0"
kind: nvidia.com/gpu
devices:
  - name: "1"
    containerEdits:
      env: ["FAKE_GPU_1=1"]
      deviceNodes: [{ path: "/dev/nvidia1", type: c, major: 1, minor: 3 }]
  - name: all
    containerEdits:
      env: ["FAKE_GPU_1=1"]
containerEdits:
  mounts:
    - { hostPath: "/opt/nvidia-smi", containerPath: "/bin/nvidia-smi", options: [ro, bind] }
`

describe('the GPUs that CDI specs offer', () => {
  it('are read from what nvidia-ctk generates, from specs by hand and from JSON', () => {
    writeFileSync(path.join(folder, 'a.yaml'), GENERATED)
    writeFileSync(path.join(folder, 'b.yml'), BY_HAND)
    const json = {
      kind: 'amd.com/gpu',
      devices: [{ name: 'x', containerEdits: { deviceNodes: [{ path: '/dev/kfd' }] } }],
    }
    writeFileSync(path.join(folder, 'c.json'), JSON.stringify(json))
    writeFileSync(path.join(folder, 'broken.json'), '{')
    writeFileSync(path.join(folder, 'readme.txt'), 'kind: nvidia.com/gpu')
    expect(readCdiDevices([folder, '/no/such/folder'])).toEqual([
      { kind: 'nvidia.com/gpu', name: '0', nodes: ['/dev/nvidia0', '/dev/dri/card1'] },
      { kind: 'nvidia.com/gpu', name: 'GPU-5a1b8d0e-0000-1111-2222-333344445555', nodes: ['/dev/nvidia0'] },
      { kind: 'nvidia.com/gpu', name: '1', nodes: ['/dev/nvidia1'] },
      { kind: 'nvidia.com/gpu', name: 'all', nodes: [] },
      { kind: 'amd.com/gpu', name: 'x', nodes: ['/dev/kfd'] },
    ])
  })
})
