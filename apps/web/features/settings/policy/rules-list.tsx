'use client'
import type { ScopedRule } from '@clawbernetes/protocol/policy/org-policy'
import { Button } from '@/ui/button'
import { useNow } from '@/ui/clock'
import { StatusText } from '@/ui/status-pill'
import { scopedWords } from './policy-lines'

/** Rules as sentences. They are made from a plan's card ("Policy…"), where it is clear what they are about. */
export function RulesList({
  rules,
  disabled,
  onChange,
}: {
  rules: readonly ScopedRule[]
  disabled: boolean
  onChange: (rules: ScopedRule[]) => void
}) {
  const now = useNow()
  if (rules.length === 0)
    return <p className="text-muted">None. A rule is made from a plan’s card, with Policy… below its details.</p>
  return (
    <ul className="m-0 grid list-none gap-2 p-0">
      {rules.map((rule) => (
        <li key={rule.id} className="flex flex-wrap items-center gap-2 border-t border-line pt-2 first:border-t-0">
          <span className="min-w-0 flex-1 break-words">
            {rule.note ? <strong>{rule.note}: </strong> : null}
            {scopedWords(rule)}
            {now !== null && Date.parse(rule.until) <= now ? (
              <StatusText tone="pend" className="ml-2">
                ended
              </StatusText>
            ) : null}
          </span>
          <Button
            size="sm"
            disabled={disabled}
            aria-label={`Remove rule ${rule.note || rule.id}`}
            onClick={() => onChange(rules.filter((other) => other.id !== rule.id))}
          >
            Remove
          </Button>
        </li>
      ))}
    </ul>
  )
}
