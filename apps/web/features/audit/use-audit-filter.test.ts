import { describe, expect, it } from 'vitest'
import { exportHref, queryOf } from './use-audit-filter'

const none = { target: '', action: '', actor: '', via: '', from: '', to: '' }

describe('the filter of the audit log', () => {
  it('takes whole days, the last one included, and nothing that is half typed', () => {
    const { since, until } = queryOf({ ...none, from: '2026-11-22', to: '2026-11-22' })
    expect(Date.parse(until ?? '') - Date.parse(since ?? '')).toBe(86_400_000)
    expect(queryOf({ ...none, from: '2026-1' }).since).toBeNull()
  })
  it('goes along with a download', () => {
    const href = exportHref(queryOf({ ...none, actor: 'Ana & Ben', action: 'plan.', via: 'cli' }), 'csv')
    expect(href).toBe('/api/audit/export?format=csv&action=plan.&actor=Ana+%26+Ben&via=cli')
  })
})
