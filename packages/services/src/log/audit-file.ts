import type { AuditEntryModel } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { ChainWalk } from './audit-chain'
import { type ChainReport, chainReport, headLost } from './verify-audit'

export const AUDIT_FORMATS = ['jsonl', 'csv'] as const
export type AuditFormat = (typeof AUDIT_FORMATS)[number]

/** First line of an export. `narrow`: a filter was on, so entries are missing on purpose. */
const head = z.object({
  type: z.literal('clawbernetes-audit'),
  version: z.literal(1),
  orgId: z.string(),
  narrow: z.boolean(),
  exportedAt: z.iso.datetime(),
  headSeq: z.number().int(),
  headHash: z.string(),
})
export type ExportHead = z.output<typeof head>

const line = z.object({
  orgId: z.string(),
  seq: z.number().int(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  actorName: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  via: z.string(),
  action: z.string(),
  target: z.string(),
  data: z.json(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  prevHash: z.string(),
  hash: z.string(),
})

const COLUMNS = [
  'seq',
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'onBehalfOf',
  'via',
  'action',
  'target',
  'data',
  'prevHash',
  'hash',
] as const

export const headLine = (format: AuditFormat, exported: ExportHead): string =>
  format === 'jsonl' ? `${JSON.stringify(exported)}\n` : `${COLUMNS.join(',')}\r\n`

export function entryLine(format: AuditFormat, row: AuditEntryModel, actorName: string | null): string {
  const { id: _, at, ...rest } = row
  const entry = { ...rest, actorName, at: at.toISOString() }
  if (format === 'jsonl') return `${JSON.stringify(entry)}\n`
  const text = { ...entry, seq: String(entry.seq), data: JSON.stringify(entry.data) }
  return `${COLUMNS.map((column) => cell(text[column] ?? '')).join(',')}\r\n`
}

/** Quoted where it must be; a cell that a spreadsheet would take for a formula is made text. */
function cell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

/**
 * Checks an export (JSON lines) without the database it came from.
 * @param expectedHead the hash that was noted when the chain was last seen whole: an export that does not end in it was cut off
 */
export async function verifyAuditFile(
  lines: AsyncIterable<string>,
  expectedHead: string | null,
): Promise<ChainReport & { orgId: string | null }> {
  let walk: ChainWalk | null = null
  let exported: ExportHead | null = null
  let number = 0
  let seenExpected = false
  for await (const text of lines) {
    number += 1
    if (text.trim() === '') continue
    if (!exported) {
      exported = parseLine(head, text, number)
      walk = new ChainWalk(!exported.narrow)
      continue
    }
    const entry = parseLine(line, text, number)
    if (entry.orgId !== exported.orgId)
      return failed(walk, exported, entry.seq, 'an entry of another organisation stands in it')
    if (!walk?.take(entry)) break
    seenExpected ||= entry.hash === expectedHead
  }
  if (!exported || !walk) throw new Error('This file has no head line: it is no audit export in JSON lines.')
  const report = { ...chainReport(walk), orgId: exported.orgId }
  if (report.brokenAt !== null) return report
  if (!exported.narrow && (report.headSeq !== exported.headSeq || report.headHash !== exported.headHash))
    return failed(
      walk,
      exported,
      report.headSeq + 1,
      `it ends at entry ${report.headSeq}, its head line says ${exported.headSeq}: the end was cut off`,
    )
  if (expectedHead !== null && !seenExpected) return { ...report, ...headLost(report.headSeq) }
  return report
}

function failed(walk: ChainWalk | null, exported: ExportHead, seq: number, why: string) {
  const report = chainReport(walk ?? new ChainWalk(true))
  return { ...report, orgId: exported.orgId, brokenAt: seq, why }
}

function parseLine<T extends z.ZodType>(schema: T, text: string, number: number): z.output<T> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Error(`Line ${number} is no JSON.`)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new Error(`Line ${number} is no audit entry: ${parsed.error.issues[0]?.message ?? 'unknown form'}.`)
}
