import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import { expect, it } from 'vitest'
import { byMetric, metricWords } from './by-metric'

const gpu = (index: number, tempC: number | null, stale = false, name: string | null = null) =>
  ({
    nodeName: 'node-01',
    index,
    sample: { stale },
    reading: { tempC },
    workload: name ? { name } : null,
  }) as unknown as GpuView
const gpus = [gpu(0, 61), gpu(1, 88, false, 'train-a'), gpu(2, 95, true), gpu(3, 40), gpu(4, null)]

it('names the hottest of those that report now, who holds it, and the next ones', () => {
  expect(metricWords(gpus, 'tempC', 'max')).toBe(
    'The hottest is node-01 GPU 1 with 88 °C, held by train-a; then node-01 GPU 0 with 61 °C and node-01 GPU 3 with 40 °C.',
  )
})

it('names the coolest, and takes the mean of known values only', () => {
  expect(metricWords(gpus, 'tempC', 'min')).toMatch(/^The coolest is node-01 GPU 3 with 40 °C;/)
  expect(metricWords(gpus, 'tempC', 'avg')).toBe('The mean temperature of 3 GPUs that report is 63 °C.')
})

it('puts what is not known last, never as zero', () => {
  expect(byMetric(gpus, 'tempC', 'min').map((g) => g.index)).toEqual([3, 0, 1, 2, 4])
  expect(metricWords([gpu(0, null)], 'tempC', 'max')).toBe('No GPU reports that now.')
})
