'use client'
import type { EvidenceItem, FindingView } from '@clawbernetes/protocol/views/finding'
import { SEVERITY } from '@/features/fleet/node-state'
import { useChatDock } from '@/features/shell/chat-dock'
import { Button } from '@/ui/button'
import { ClockTime, RelativeTime } from '@/ui/clock'
import { CodeBlock, Disclosure } from '@/ui/disclosure'
import { StatusPill } from '@/ui/status-pill'
import { evidenceValue } from './evidence-value'

/** A diagnosed fact with what speaks for it and against it; what to do is a person's decision. */
export function FindingCard({ finding }: { finding: FindingView }) {
  const { ask } = useChatDock()
  const { evidence } = finding
  const where = `${finding.nodeName}${finding.gpuIndex === null ? '' : ` GPU ${finding.gpuIndex}`}`
  return (
    <article className="grid gap-1.5 px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <StatusPill tone={SEVERITY[finding.severity].tone}>{SEVERITY[finding.severity].word}</StatusPill>
        <h3 className="font-semibold">
          {where}: {finding.title}
        </h3>
        <span className="text-sm text-muted">
          {finding.state === 'open' ? (
            <>
              since <RelativeTime value={finding.sinceMs} />
            </>
          ) : (
            <>
              cleared <RelativeTime value={finding.clearedAtMs ?? finding.lastSeenAtMs} />
            </>
          )}
        </span>
        <Button
          size="sm"
          className="ml-auto"
          onClick={() =>
            ask(`${where}: ${finding.title}. What should I do?`, [
              { kind: 'node', id: finding.nodeName, label: finding.nodeName },
            ])
          }
        >
          Ask about this
        </Button>
      </div>
      <p className="max-w-prose">{finding.detail}</p>
      {evidence.action ? (
        <p className="max-w-prose">
          <span className="text-muted">Advised: </span>
          {evidence.action}
        </p>
      ) : null}
      <Disclosure
        summary={`Evidence (${evidence.for.length + evidence.against.length}), confidence ${evidence.confidence}`}
        className="text-sm"
      >
        <div className="grid gap-2">
          <EvidenceList title="For" items={evidence.for} none="No evidence is stored." />
          {evidence.against.length > 0 ? <EvidenceList title="Against" items={evidence.against} none="" /> : null}
          {evidence.hypotheses.length > 0 ? (
            <div>
              <h4 className="font-semibold">Could be, likeliest first</h4>
              <ol className="m-0 list-decimal pl-5">
                {evidence.hypotheses.map((hypothesis) => (
                  <li key={hypothesis}>{hypothesis}</li>
                ))}
              </ol>
            </div>
          ) : null}
          {evidence.nextTest ? (
            <p>
              <span className="text-muted">Cheapest next test: </span>
              {evidence.nextTest}
            </p>
          ) : null}
          <p className="text-xs text-muted">Rule {finding.rule}</p>
        </div>
      </Disclosure>
    </article>
  )
}

function EvidenceList({ title, items, none }: { title: string; items: readonly EvidenceItem[]; none: string }) {
  return (
    <div>
      <h4 className="font-semibold">{title}</h4>
      {items.length === 0 ? <p className="text-muted">{none}</p> : null}
      <ul className="m-0 list-disc pl-5">
        {items.map((item, index) => (
          <li key={index}>
            {item.text}
            {item.value === null ? null : <span className="text-muted"> ({evidenceValue(item)})</span>}
            {item.atMs === null ? null : (
              <span className="text-muted">
                {' '}
                at <ClockTime value={item.atMs} seconds />
              </span>
            )}
            {item.line === null ? null : (
              <CodeBlock label="The machine's own line" className="mt-1">
                {item.line}
              </CodeBlock>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
