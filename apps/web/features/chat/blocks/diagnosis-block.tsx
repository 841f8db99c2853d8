import type { EvidenceItem } from '@clawbernetes/protocol/views/finding'
import { evidenceValue } from '@/features/diagnosis/evidence-value'
import { SEVERITY } from '@/features/fleet/node-state'
import { ClockTime } from '@/ui/clock'
import { CodeBlock, Disclosure } from '@/ui/disclosure'
import { StatusPill } from '@/ui/status-pill'
import { BlockLink } from './block-link'
import type { BlockOf } from './block-of'

type Item = BlockOf<'diagnosis'>['items'][number]

/** What speaks for or against a claim, as chips: the sentence, the value it rests on, when, and the machine's own line. */
function Evidence({ items, verdict }: { items: readonly EvidenceItem[]; verdict: 'for' | 'against' }) {
  if (items.length === 0) return null
  const shape = verdict === 'for' ? '✓' : '✕'
  return (
    <ul
      aria-label={verdict === 'for' ? 'Evidence for' : 'Evidence against'}
      className="m-0 mt-1 flex list-none flex-wrap gap-1.5 p-0"
    >
      {items.map((item, index) => (
        <li key={index} className="min-w-0 rounded-sm border border-line bg-surface px-1.5 py-0.5 text-xs">
          <span aria-hidden="true" className={verdict === 'for' ? 'text-ok' : 'text-crit'}>
            {shape}{' '}
          </span>
          {item.text}
          {item.value === null ? null : <span className="text-muted"> ({evidenceValue(item)})</span>}
          {item.atMs === null ? null : (
            <span className="text-muted">
              {' '}
              <ClockTime value={item.atMs} seconds />
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
  )
}

function Hypotheses({ item }: { item: Item }) {
  if (item.hypotheses.length === 0 && item.nextTest === null) return null
  return (
    <Disclosure
      summary={`Could be ${item.hypotheses.length === 1 ? 'one thing' : `${item.hypotheses.length} things`}`}
      className="mt-1 text-sm"
    >
      <ol className="m-0 list-decimal pl-5">
        {item.hypotheses.map((hypothesis) => (
          <li key={hypothesis}>{hypothesis}</li>
        ))}
      </ol>
      {item.nextTest ? (
        <p className="mt-1">
          <span className="text-muted">Cheapest next test: </span>
          {item.nextTest}
        </p>
      ) : null}
    </Disclosure>
  )
}

function Claim({ item }: { item: Item }) {
  const severity = SEVERITY[item.severity]
  const bare = item.for.length === 0
  return (
    <li className="border-b border-line py-2 first:pt-0 last:border-b-0 last:pb-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <StatusPill tone={severity.tone}>{severity.word}</StatusPill>
        <span className="min-w-0 font-semibold break-words">
          <BlockLink href={item.href}>{item.title}</BlockLink>
        </span>
        <span className="text-xs text-muted">
          {bare ? 'hypothesis, no evidence stored' : `confidence ${item.confidence}`}
        </span>
      </p>
      <p className="mt-0.5 break-words">{item.detail}</p>
      <Evidence items={item.for} verdict="for" />
      <Evidence items={item.against} verdict="against" />
      {item.action ? (
        <p className="mt-1 text-sm">
          <span className="text-muted">Advised: </span>
          {item.action}
        </p>
      ) : null}
      <Hypotheses item={item} />
    </li>
  )
}

export function DiagnosisBlock({ block }: { block: BlockOf<'diagnosis'> }) {
  return (
    <>
      {block.items.length === 0 ? <p>Nothing wrong was found.</p> : null}
      <ul className="m-0 list-none p-0">
        {block.items.map((item, index) => (
          <Claim key={index} item={item} />
        ))}
      </ul>
      {block.checked.length > 0 ? (
        <p className="mt-1.5 text-xs text-muted">Looked at: {block.checked.join(', ')}.</p>
      ) : null}
    </>
  )
}
