import { expect, test } from 'vitest'
import { logLevelOf } from './log-level'
import { parseMetricsLine } from './parse-metrics-line'

const read = (line: string) =>
  Object.fromEntries(parseMetricsLine(line).map(({ name, step, value }) => [name, [step, value]]))

test('key=value lines', () => {
  expect(read('step=120 loss=1.83 lr=2e-05 grad_norm=0.41 tokens_per_second=18231')).toEqual({
    loss: [120, 1.83],
    learning_rate: [120, 2e-5],
    grad_norm: [120, 0.41],
    tokens_per_s: [120, 18231],
  })
})

test("a Hugging Face trainer's dict that carries its step", () => {
  expect(read("{'loss': 1.2345, 'grad_norm': 0.9, 'learning_rate': 1.9e-05, 'epoch': 0.04, 'step': 10}")).toMatchObject(
    { loss: [10, 1.2345], epoch: [10, 0.04] },
  )
})

test('JSON lines and words for the step', () => {
  expect(read('{"ts":"2026-01-01T10:00:00Z","global_step":7,"train/loss":2.5}')).toEqual({ loss: [7, 2.5] })
  expect(read('Step 40/1000: loss: 0.75, lr: 1e-4')).toEqual({ loss: [40, 0.75], learning_rate: [40, 1e-4] })
})

test('no step, no value or no metric gives nothing', () => {
  for (const line of [
    'loss=1.2',
    'step=5',
    'step=5 loss=nan',
    'step=5 epoch=1',
    'listening on port 8000',
    'step=-3 loss=1',
    '',
    `step=1 loss=2 ${'x'.repeat(5000)}`,
  ])
    expect(parseMetricsLine(line)).toEqual([])
})

test('levels are read from what a line states', () => {
  expect(logLevelOf('2026-01-01 10:00:00 ERROR failed', 'stdout')).toBe('error')
  expect(logLevelOf('[WARNING] slow', 'stderr')).toBe('warning')
  expect(logLevelOf('{"level":"info","msg":"x"}', 'stdout')).toBe('info')
  expect(logLevelOf('E0712 10:22:01.123 x.go:1] no', 'stderr')).toBe('error')
  expect(logLevelOf('Traceback (most recent call last):', 'stderr')).toBe('error')
  expect(logLevelOf('torch.cuda.OutOfMemoryError: CUDA out of memory.', 'stderr')).toBe('error')
  expect(logLevelOf('loading weights', 'stderr')).toBeNull()
})
