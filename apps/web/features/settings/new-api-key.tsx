'use client'
import { API_SCOPES, type ApiScope, scopesOfRole } from '@clawbernetes/protocol/permissions'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useSession } from '@/features/identity/session'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { SelectField, TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'
import { InlineError } from '@/ui/inline-error'
import { ShownOnce } from './shown-once'

const SCOPE_WORDS: Record<ApiScope, string> = {
  read: 'Read: nodes, GPUs, workloads, plans, conversations, audit',
  chat: 'Chat: talk to the agent',
  propose: 'Propose: draft plans, cancel and undo them, pull the emergency stop',
  approve: 'Approve: decide on plans as you',
  manage: 'Manage: nodes, members, policy, keys; lift the emergency stop; export the audit log',
}
const LIFETIMES = [
  { days: '30', label: '30 days' },
  { days: '90', label: '90 days' },
  { days: '365', label: 'A year' },
  { days: '', label: 'Does not expire' },
]

/** Makes a key and shows it once. Only scopes that the person's own role makes use of are offered. */
export function NewApiKey() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { role } = useSession()
  const useful = scopesOfRole(role)
  const [scopes, setScopes] = useState<ApiScope[]>(['read'])
  const create = useMutation(
    trpc.apiKeys.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.apiKeys.list.queryFilter()),
    }),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const days = formText(form, 'days')
    create.mutate({ name: formText(form, 'name'), scopes, expiresInDays: days ? Number(days) : null })
  }
  if (create.data)
    return <ShownOnce name={create.data.apiKey.name} token={create.data.token} onDone={() => create.reset()} />
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label="Name" name="name" required maxLength={60} placeholder="laptop" autoComplete="off" />
        <SelectField label="Expires after" name="days" defaultValue="90">
          {LIFETIMES.map(({ days, label }) => (
            <option key={label} value={days}>
              {label}
            </option>
          ))}
        </SelectField>
      </div>
      <fieldset className="grid gap-1">
        <legend className="mb-1 font-semibold">May be used to</legend>
        {API_SCOPES.filter((scope) => useful.includes(scope)).map((scope) => (
          <label key={scope} className="flex min-h-6 items-center gap-2 max-desk:min-h-11">
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((kept) => kept !== scope))
              }
            />
            {SCOPE_WORDS[scope]}
          </label>
        ))}
      </fieldset>
      {create.error ? <InlineError title="The key was not made" detail={toApiError(create.error).message} /> : null}
      <div>
        <Button type="submit" variant="primary" pending={create.isPending}>
          Create key
        </Button>
      </div>
    </form>
  )
}
