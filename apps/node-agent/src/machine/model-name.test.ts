import { expect, it } from 'vitest'
import { modelName } from './model-name'
import { sameBus } from './pci'

it('names models as people do', () => {
  const cases: [string, number | null, string][] = [
    ['NVIDIA A100-SXM4-80GB', 81920, 'A100-80GB'],
    ['NVIDIA A100-SXM4-40GB', 40960, 'A100-40GB'],
    ['NVIDIA A100-PCIE-40GB', 40536, 'A100-40GB'],
    ['A100-SXM4-80GB', null, 'A100-80GB'],
    ['NVIDIA H100 80GB HBM3', 81559, 'H100-80GB'],
    ['NVIDIA H100 PCIe', 81559, 'H100-80GB'],
    ['NVIDIA H100 NVL', 95830, 'H100-94GB'],
    ['NVIDIA H100', null, 'H100'],
    ['NVIDIA H200', 143771, 'H200'],
    ['NVIDIA H200 NVL', 143771, 'H200'],
    ['NVIDIA B200', 183359, 'B200'],
    ['NVIDIA GH200 480GB', 97871, 'GH200-96GB'],
    ['NVIDIA L40S', 46068, 'L40S'],
    ['NVIDIA L4', 23034, 'L4'],
    ['NVIDIA A10G', 23028, 'A10G'],
    ['Tesla T4', 15360, 'T4'],
    ['Tesla V100-SXM2-16GB', 16384, 'V100-16GB'],
    ['Tesla V100-SXM2-32GB', 32768, 'V100-32GB'],
    ['NVIDIA GeForce RTX 4090', 24564, 'RTX-4090'],
    ['NVIDIA GeForce RTX 3080', 10240, 'RTX-3080'],
    ['NVIDIA GeForce RTX 2080 SUPER', 8192, 'RTX-2080-SUPER'],
    ['NVIDIA RTX A6000', 49140, 'RTX-A6000'],
    ['NVIDIA RTX 6000 Ada Generation', 49140, 'RTX-6000-Ada'],
    ['NVIDIA RTX 4000 SFF Ada Generation', 20475, 'RTX-4000-SFF-Ada'],
    ['Arcturus GL-XL [Instinct MI100]', 32752, 'MI100'],
    ['AMD Instinct MI300X', 196592, 'MI300X'],
    ['AMD Instinct MI250X/MI250', 65520, 'MI250X'],
    ['Some Other GPU', 1000, 'Some-Other-GPU'],
    ['', null, 'unknown'],
  ]
  expect(cases.map(([name, memoryMib]) => modelName(name, memoryMib))).toEqual(cases.map(([, , model]) => model))
})

it('knows one PCI address in all its spellings', () => {
  expect(new Set(['0000:9b:00', '00000000:9B:00.0', '9b:00.0', '0:9b:0'].map(sameBus))).toEqual(
    new Set(['00000000:9b:00']),
  )
  expect(sameBus('not an address')).toBeNull()
})
