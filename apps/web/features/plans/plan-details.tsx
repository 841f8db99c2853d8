'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { RelativeTime } from '@/ui/clock'
import { CodeBlock, Disclosure } from '@/ui/disclosure'
import { formatPlural } from '@/ui/format'
import { Notice } from '@/ui/inline-error'
import { printArgv } from './argv'

type Change = { label: string; before: string; after: string }

function Diff({ changes, label }: { changes: readonly Change[]; label: string }) {
  return (
    <CodeBlock label={label}>
      {changes.map((change, index) => (
        <span key={index} className="block">
          <span className="block text-muted">{change.label}</span>
          {change.before ? <del className="block bg-crit-tint no-underline">- {change.before}</del> : null}
          {change.after ? <ins className="block bg-ok-tint no-underline">+ {change.after}</ins> : null}
        </span>
      ))}
    </CodeBlock>
  )
}

export function PlanWhy({ plan }: { plan: PlanView }) {
  const { why, evidence } = plan.content
  return (
    <div>
      <p className="break-words">
        <span className="text-muted">Why </span>
        {why || 'unknown'}
      </p>
      {evidence.length > 0 ? (
        <Disclosure summary={`Evidence, ${formatPlural(evidence.length, 'item')}`}>
          <ul className="m-0 list-disc pl-5">
            {evidence.map((item, index) => (
              <li key={index} className="break-words">
                {item.href ? (
                  <a className="link" href={item.href}>
                    {item.text}
                  </a>
                ) : (
                  item.text
                )}{' '}
                <span className="text-sm text-muted">
                  <RelativeTime value={item.at} />
                </span>
              </li>
            ))}
          </ul>
        </Disclosure>
      ) : null}
    </div>
  )
}

export function PlanWarnings({ plan }: { plan: PlanView }) {
  const untrusted = plan.content.origin.untrusted
  return (
    <>
      {plan.drift.length > 0 ? (
        <Notice tone="warn" className="my-2">
          No longer true since it was drafted:
          <ul className="m-0 list-disc pl-5">
            {plan.drift.map((fact) => (
              <li key={fact.text}>
                {fact.text}: was {fact.was}, is {fact.is}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {plan.content.warnings.map((warning) => (
        <Notice key={warning} tone="warn" className="my-2">
          {warning}
        </Notice>
      ))}
      {untrusted.length > 0 ? (
        <Notice tone="warn" className="my-2">
          Drafted after reading text that machines or other people wrote: {untrusted.join(', ')}. Check the targets.
        </Notice>
      ) : null}
    </>
  )
}

function Preconditions({ plan }: { plan: PlanView }) {
  const drifted = new Map(plan.drift.map((fact) => [fact.text, fact]))
  return (
    <ul className="m-0 list-none p-0">
      {plan.content.facts.map((fact, index) => {
        const changed = drifted.get(fact.text)
        return (
          <li key={index} className={changed ? 'text-crit' : undefined}>
            <span aria-hidden="true">{changed ? '◆ ' : '✓ '}</span>
            {fact.text}
            {changed ? `: now ${changed.is}` : ''}
          </li>
        )
      })}
    </ul>
  )
}

/** Why, what exactly, on what conditions, and what is left out. */
export function PlanDetails({ plan }: { plan: PlanView }) {
  const { content } = plan
  return (
    <div className="mt-1.5 grid gap-0.5 border-t border-line pt-1.5">
      {plan.revisionDiff.length > 0 ? (
        <Disclosure open summary={`Changed since r${plan.revision - 1}${plan.editedBy ? ` by ${plan.editedBy}` : ''}`}>
          <Diff changes={plan.revisionDiff} label={`Changes since revision ${plan.revision - 1}`} />
        </Disclosure>
      ) : null}
      {content.changes.length > 0 ? (
        <Disclosure summary={`Exact change, ${formatPlural(content.changes.length, 'item')}`}>
          <Diff changes={content.changes} label="Exact change" />
        </Disclosure>
      ) : null}
      {content.commands.length > 0 ? (
        <Disclosure summary={`Commands, ${content.commands.length}`}>
          <CodeBlock label="Commands" className="whitespace-pre-wrap">
            {content.commands.map((command, index) => (
              <span key={index} className="block break-words">
                <span className="text-muted">{command.where}: </span>
                {printArgv(command.argv)}
              </span>
            ))}
          </CodeBlock>
        </Disclosure>
      ) : null}
      {content.facts.length > 0 ? (
        <Disclosure
          summary={`Preconditions, ${content.facts.length}${plan.drift.length > 0 ? `, ${plan.drift.length} no longer true` : ''}`}
        >
          <Preconditions plan={plan} />
        </Disclosure>
      ) : null}
      {content.notDone.length > 0 ? (
        <Disclosure summary="What it does not do">
          <ul className="m-0 list-disc pl-5">
            {content.notDone.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Disclosure>
      ) : null}
    </div>
  )
}
