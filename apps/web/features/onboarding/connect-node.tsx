'use client'
import { useState, type FormEvent } from 'react'
import { useCan } from '@/features/identity/session'
import { toApiError } from '@/trpc/client'
import { Button } from '@/ui/button'
import { SelectField, TextField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { formText } from '@/ui/form-text'
import { JoinCommand } from './join-command'
import { useJoinToken } from './use-join-token'

const EXPIRIES = [
  { value: 60, label: '1 hour' },
  { value: 1440, label: '24 hours' },
  { value: 10_080, label: '7 days' },
]

/** Makes a token and shows the command. A failed call shows no command at all, never an empty one. */
export function ConnectNode({ quick = false }: { quick?: boolean }) {
  const mayManage = useCan('manageNodes')
  const { create, created, followed } = useJoinToken()
  const [again, setAgain] = useState(false)
  if (!mayManage) return <p className="text-muted">Connecting nodes needs the role admin.</p>
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setAgain(false)
    create.mutate({
      label: formText(form, 'label') || 'Node',
      maxUses: Number(formText(form, 'maxUses') || 1),
      expiresInMinutes: Number(formText(form, 'expires') || 60),
    })
  }
  const failure = create.error ? toApiError(create.error) : null
  if (created && followed && !again)
    return (
      <div>
        <JoinCommand created={created} followed={followed} />
        <Button size="sm" className="mt-3" onClick={() => setAgain(true)}>
          Make another token
        </Button>
      </div>
    )
  return (
    <form onSubmit={submit} className="grid gap-3">
      {quick ? null : (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-3">
          <TextField label="Label" name="label" defaultValue="Node" maxLength={80} required />
          <TextField label="Machines" name="maxUses" type="number" min={1} max={1000} defaultValue={1} required />
          <SelectField label="Expires after" name="expires" defaultValue={1440}>
            {EXPIRIES.map((expiry) => (
              <option key={expiry.value} value={expiry.value}>
                {expiry.label}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      {failure ? (
        <InlineError
          title="No token could be made"
          detail={failure.message}
          requestId={failure.requestId ?? undefined}
        />
      ) : null}
      <div>
        <Button type="submit" variant="primary" pending={create.isPending}>
          {failure ? 'Try again' : 'Create join command'}
        </Button>
      </div>
    </form>
  )
}
