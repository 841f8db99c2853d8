'use client'
import type { PolicyDocument } from '@clawbernetes/protocol/policy/org-policy'
import type { PolicyView } from '@clawbernetes/protocol/views/policy'
import { useQuery } from '@tanstack/react-query'
import { showFreezeDialog } from '@/features/freeze/freeze-dialog-store'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { ClockTime } from '@/ui/clock'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { LimitsForm, RaiseForm } from './limits-form'
import { PresetCards } from './preset-cards'
import { RiskTable } from './risk-table'
import { RulesList } from './rules-list'
import { SaveBar } from './save-bar'
import { Simulator } from './simulator'
import { usePolicyDraft } from './use-policy-draft'
import { WindowList } from './window-fields'

/** Who approves what, what runs by itself, and when changes may start. */
export function PolicySection() {
  const trpc = useTRPC()
  const policy = useQuery(trpc.policy.read.queryOptions())
  if (policy.data) return <PolicyEditor saved={policy.data} />
  if (!policy.error) return <SkeletonRows rows={8} label="Loading the policy" />
  const { message, requestId } = toApiError(policy.error)
  return (
    <InlineError
      title="The policy could not be loaded"
      detail={message}
      requestId={requestId ?? undefined}
      onRetry={() => void policy.refetch()}
      retrying={policy.isFetching}
    />
  )
}

function PolicyEditor({ saved }: { saved: PolicyView }) {
  const draft = usePolicyDraft(saved)
  const { document } = draft
  const { edits } = document
  const disabled = !saved.mayChange
  const change = (next: PolicyDocument) => draft.edit(next)
  const patch = (part: Partial<PolicyDocument['edits']>) => change({ ...document, edits: { ...edits, ...part } })
  const form = { document, disabled, onChange: change }
  return (
    <div className="grid min-w-0 grid-cols-1 gap-3">
      <p className="text-muted">
        Version {saved.version}
        {saved.changed ? (
          <>
            , changed by {saved.changed.by} <ClockTime value={saved.changed.at} />
          </>
        ) : null}
        .{' '}
        {disabled
          ? 'Changing it needs the role admin.'
          : 'Chat never makes it looser, and no edit goes below what code demands.'}
      </p>
      <PresetCards value={document.preset} disabled={disabled} onChange={(preset) => change({ ...document, preset })} />
      <Card title="Per risk and action">
        <RiskTable {...form} />
        <Alone
          saved={saved}
          value={edits.criticalAlone}
          disabled={disabled}
          onChange={(criticalAlone) => patch({ criticalAlone })}
        />
      </Card>
      <Card title="What makes a plan more serious">
        <RaiseForm {...form} />
      </Card>
      <Card title="Limits of what runs by itself" note="Beyond them it asks.">
        <LimitsForm {...form} timeZone={saved.timeZone} />
      </Card>
      <Card title="Maintenance windows" note="Changes to these nodes and what runs on them start only inside.">
        <WindowList
          windows={edits.maintenance}
          timeZone={saved.timeZone}
          disabled={disabled}
          addLabel="Add a maintenance window"
          onChange={(maintenance) => patch({ maintenance })}
        />
      </Card>
      <Card title="Quiet windows" note="Changes to these nodes do not start inside.">
        <WindowList
          windows={edits.quiet}
          timeZone={saved.timeZone}
          disabled={disabled}
          addLabel="Add a quiet window"
          onChange={(quiet) => patch({ quiet })}
        />
      </Card>
      <Card title="Rules for single actions and targets">
        <RulesList rules={edits.rules} disabled={disabled} onChange={(rules) => patch({ rules })} />
      </Card>
      <Card title="Simulator">
        <Simulator document={document} />
      </Card>
      <Card title="Emergency stop" note="Freezes every action of the agent in this organisation.">
        <div id="emergency-stop">
          <Button variant="danger" onClick={() => showFreezeDialog(true)}>
            Emergency stop…
          </Button>
        </div>
      </Card>
      <SaveBar draft={draft} />
    </div>
  )
}

type AloneProps = { saved: PolicyView; value: boolean; disabled: boolean; onChange: (value: boolean) => void }

function Alone({ saved, value, disabled, onChange }: AloneProps) {
  return (
    <label className="mt-3 flex items-start gap-2">
      <input
        type="checkbox"
        className="mt-0.5 size-5"
        checked={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        One person alone may approve critical plans
        <span className="block text-sm text-muted">
          Only while the organisation has one member{saved.members === 1 ? ', as it has now' : ''}. The audit says each
          time that it was their own request.
        </span>
      </span>
    </label>
  )
}
