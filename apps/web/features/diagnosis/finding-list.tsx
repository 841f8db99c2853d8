import type { FindingView } from '@clawbernetes/protocol/views/finding'
import { Card } from '@/ui/card'
import { FindingCard } from './finding-card'

/** Open findings of one thing; nothing is drawn where there are none. */
export function FindingList({ findings, title = 'Findings' }: { findings: readonly FindingView[]; title?: string }) {
  if (findings.length === 0) return null
  return (
    <div id="findings" className="scroll-mt-16">
      <Card title={title} note={String(findings.length)} bodyClassName="p-0">
        <div className="divide-y divide-line">
          {findings.map((finding) => (
            <FindingCard key={finding.id} finding={finding} />
          ))}
        </div>
      </Card>
    </div>
  )
}
