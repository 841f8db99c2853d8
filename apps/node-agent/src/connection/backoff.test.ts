import { expect, it } from 'vitest'
import { RECONNECT_CAP_MS, reconnectDelayMs } from './backoff'

it('spreads attempts over the whole wait, doubles it and stops growing', () => {
  expect([0, 1, 2, 3].map((attempt) => reconnectDelayMs(attempt, 1))).toEqual([500, 1_000, 2_000, 4_000])
  expect(reconnectDelayMs(50, 0.5)).toBe(RECONNECT_CAP_MS / 2)
  expect(reconnectDelayMs(3, 0)).toBe(0)
})
