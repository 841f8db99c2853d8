import { expect, it } from 'vitest'
import { safeReturnPath } from './return-path'

it('returns to a pending approval link', () => {
  expect(safeReturnPath('/plans/plan_1?from=mail')).toBe('/plans/plan_1?from=mail')
})
it.each([
  '//evil.example',
  'https://evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/\n/evil',
  '',
  null,
  undefined,
])('refuses %o', (next) => {
  expect(safeReturnPath(next)).toBe('/fleet')
})
