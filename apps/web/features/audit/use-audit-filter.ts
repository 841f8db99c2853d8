'use client'
import { parseAsString, useQueryStates } from 'nuqs'

const PARSERS = {
  target: parseAsString.withDefault(''),
  action: parseAsString.withDefault(''),
  actor: parseAsString.withDefault(''),
  via: parseAsString.withDefault(''),
  /** Days in the reader's own time zone, as a date field gives them. */
  from: parseAsString.withDefault(''),
  to: parseAsString.withDefault(''),
}
type Fields = { [K in keyof typeof PARSERS]: string }

/** The filter stands in the address, so that a view can be shared. */
export function useAuditFilter() {
  const [fields, setFields] = useQueryStates(PARSERS, { throttleMs: 300 })
  return {
    fields,
    filtered: Object.values(fields).some((value) => value !== ''),
    query: queryOf(fields),
    set: (patch: Partial<Fields>) =>
      void setFields(Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, value || null]))),
    clear: () => void setFields({ target: null, action: null, actor: null, via: null, from: null, to: null }),
  }
}

export interface AuditQuery {
  target: string | null
  action: string | null
  actor: string | null
  via: string | null
  since: string | null
  until: string | null
}

/** `to` includes its whole day. A date that is half typed filters nothing. */
export function queryOf(fields: Fields): AuditQuery {
  return {
    target: fields.target || null,
    action: fields.action || null,
    actor: fields.actor || null,
    via: fields.via || null,
    since: dayStart(fields.from, 0),
    until: dayStart(fields.to, 1),
  }
}

function dayStart(day: string, plusDays: number): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!match) return null
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + plusDays)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

/** Where a download of what is shown comes from. */
export function exportHref(query: AuditQuery, format: 'jsonl' | 'csv'): string {
  const params = new URLSearchParams({ format })
  for (const [key, value] of Object.entries(query)) if (value) params.set(key, value)
  return `/api/audit/export?${params.toString()}`
}
