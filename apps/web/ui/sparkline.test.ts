import { expect, it } from 'vitest'
import { sparklinePath } from './sparkline'

const box = { min: 0, max: 10, width: 40, height: 12 }

it('leaves a gap where a value is missing', () => {
  expect(sparklinePath([0, 10, null, 5, 5], box).match(/M/g)).toHaveLength(2)
})
it('draws a lone value as a dot', () => {
  expect(sparklinePath([null, 5, null], box)).toContain('h0.1')
})
it('clamps values outside the scale', () => {
  expect(sparklinePath([0, 99], box)).toBe('M0.0 11.0L40.0 1.0')
})
