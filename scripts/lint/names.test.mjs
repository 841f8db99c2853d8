import { describe, expect, it } from 'vitest'
import { nameProblems } from './names.mjs'

const count = (file, source = '') => nameProblems(new Map([[file, source]])).length

describe('names', () => {
  it('refuses files named after nothing', () => {
    expect(count('packages/domain/src/plans/utils.ts')).toBe(1)
    expect(count('apps/web/features/fleet/helpers.tsx')).toBe(1)
    expect(count('prisma/src/types.ts')).toBe(1)
    expect(count('packages/domain/src/plans/plan-types.ts')).toBe(0)
  })

  it('refuses a default export but where the framework asks for one', () => {
    expect(count('packages/domain/src/a.ts', 'const a = 1\nexport default a\n')).toBe(1)
    expect(count('apps/web/app/fleet/page.tsx', 'export default function Page() {}\n')).toBe(0)
  })
})
