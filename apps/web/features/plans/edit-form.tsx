'use client'
import type { EditableField } from '@clawbernetes/protocol/plans/content'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { SelectField, TextField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { formText } from '@/ui/form-text'

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
  if (field.input === 'integer') {
    const hint = field.min !== null && field.max !== null ? `${field.min} to ${field.max}` : undefined
    return (
      <TextField
        {...common}
        type="number"
        step={1}
        min={field.min ?? undefined}
        max={field.max ?? undefined}
        required
        hint={hint}
      />
    )
  }
  return <TextField {...common} maxLength={400} />
}

/** Only what differs goes along; an emptied optional field is null, not an empty text. */
function readValues(form: FormData, fields: readonly EditableField[]): Record<string, string | number | null> {
  const values: Record<string, string | number | null> = {}
  for (const field of fields) {
    const raw = formText(form, field.name)
    if (raw === String(field.value ?? '')) continue
    values[field.name] = raw === '' ? null : field.input === 'integer' ? Number(raw) : raw
  }
  return values
}

/** Changes make the next revision: the dry run is repeated, approvals are void, and the clock starts again. */
export function EditForm({ plan, onDone }: { plan: PlanView; onDone: () => void }) {
  const trpc = useTRPC()
  const [nothingChanged, setNothingChanged] = useState(false)
  const edit = useMutation(trpc.plans.edit.mutationOptions())
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = readValues(new FormData(event.currentTarget), plan.content.editable)
    setNothingChanged(Object.keys(values).length === 0)
    if (Object.keys(values).length > 0) edit.mutate({ planId: plan.id, fromRevision: plan.revision, values })
  }
  const failure = edit.error ? toApiError(edit.error) : null
  const next = plan.latestRevision + 1
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
      <p role="status" className="empty:hidden">
        {nothingChanged ? 'Nothing is changed yet.' : ''}
        {edit.isSuccess
          ? `Repeating the dry run. r${next} takes this card’s place; if it does not work out, the conversation says why.`
          : ''}
      </p>
      <p className="text-sm text-muted">
        Saving makes r{next}: the dry run is repeated, approvals so far are void, and the expiry starts again.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={edit.isPending} aria-disabled={edit.isSuccess}>
          Save as r{next}
        </Button>
        <Button onClick={onDone}>Back</Button>
      </div>
    </form>
  )
}
