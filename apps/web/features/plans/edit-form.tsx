'use client'
import type { EditableField } from '@clawbernetes/protocol/plans/content'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { SelectField, TextField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { newerPlan } from './plan-state'

function Input({ field }: { field: EditableField }) {
  const common = { label: field.label, name: field.name, defaultValue: field.value ?? '' }
  if (field.input === 'choice')
    return (
      <SelectField {...common}>
        {(field.choices ?? []).map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </SelectField>
    )
  if (field.input === 'integer')
    return (
      <TextField
        {...common}
        type="number"
        step={1}
        min={field.min ?? undefined}
        max={field.max ?? undefined}
        required
        hint={field.min !== null && field.max !== null ? `${field.min} to ${field.max}` : undefined}
      />
    )
  return <TextField {...common} maxLength={200} />
}

function readValues(form: FormData, fields: readonly EditableField[]): Record<string, string | number> {
  const values: Record<string, string | number> = {}
  for (const field of fields) {
    const raw = String(form.get(field.name) ?? '')
    if (raw === String(field.value ?? '')) continue
    values[field.name] = field.input === 'integer' ? Number(raw) : raw
  }
  return values
}

/** Changes make the next revision: the dry run is repeated, approvals are void, and the clock starts again. */
export function EditForm({ plan, onDone }: { plan: PlanView; onDone: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [nothingChanged, setNothingChanged] = useState(false)
  const revise = useMutation(
    trpc.plans.revise.mutationOptions({
      onSuccess: (revised) => {
        queryClient.setQueryData(trpc.plans.read.queryKey({ planId: plan.id }), (known: PlanView | undefined) =>
          newerPlan(known, revised),
        )
        onDone()
      },
    }),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = readValues(new FormData(event.currentTarget), plan.content.editable)
    setNothingChanged(Object.keys(values).length === 0)
    if (Object.keys(values).length > 0) revise.mutate({ planId: plan.id, revision: plan.revision, values })
  }
  const failure = revise.error ? toApiError(revise.error) : null
  return (
    <form onSubmit={submit} className="mt-3 grid gap-3 border-t border-line pt-3" aria-label="Edit this plan">
      <div className="grid grid-cols-[repeat(auto-fit,minmax(160px,1fr))] gap-3">
        {plan.content.editable.map((field) => (
          <Input key={field.name} field={field} />
        ))}
      </div>
      {failure ? (
        <InlineError
          title="The change was not accepted"
          detail={failure.message}
          requestId={failure.requestId ?? undefined}
        />
      ) : null}
      {nothingChanged ? <p role="status">Nothing is changed yet.</p> : null}
      <p className="text-sm text-muted">
        Saving makes r{plan.latestRevision + 1}: the dry run is repeated, approvals so far are void, and the expiry
        starts again.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={revise.isPending}>
          Save as r{plan.latestRevision + 1}
        </Button>
        <Button onClick={onDone}>Back</Button>
      </div>
    </form>
  )
}
