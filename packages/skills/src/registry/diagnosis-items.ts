import type { Block } from '@clawbernetes/protocol/views/blocks'
import { inert } from '@clawbernetes/protocol/text'
import type { EvidenceItem, FindingView } from '@clawbernetes/protocol/views/finding'
import { clip } from './draft-id'

type DiagnosisItem = Extract<Block, { type: 'diagnosis' }>['items'][number]

/** A stored finding as an item of a diagnosis. Lines of machines are made inert. */
export function diagnosisItem(finding: FindingView): DiagnosisItem {
  return {
    severity: finding.severity,
    title: clip(finding.title, 200),
    detail: clip(finding.detail, 1000),
    href: `/nodes/${finding.nodeName}`,
    confidence: finding.evidence.confidence,
    for: evidenceItems(finding.evidence.for),
    against: evidenceItems(finding.evidence.against),
    hypotheses: finding.evidence.hypotheses.slice(0, 8).map((text) => clip(text, 300)),
    nextTest: finding.evidence.nextTest ? clip(finding.evidence.nextTest, 300) : null,
    action: finding.evidence.action ? clip(finding.evidence.action, 300) : null,
  }
}

export const evidenceItems = (items: readonly EvidenceItem[]): EvidenceItem[] =>
  items.slice(0, 12).map((item) => ({ ...item, line: item.line === null ? null : inert(item.line, 500) }))

/** True where a finding quotes a machine: then the result holds untrusted text. */
export const quotesMachine = (findings: readonly FindingView[]): boolean =>
  findings.some((f) => [...f.evidence.for, ...f.evidence.against].some((item) => item.line !== null))
