'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { planReadings } from './use-plan'

/** Where a plan's secret value is entered. It goes to the server sealed for this revision and never comes back; it approves nothing. */
export function SecretField({ plan }: { plan: PlanView }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [value, setValue] = useState('')
  const put = useMutation({
    ...trpc.secrets.putValue.mutationOptions(),
    onSuccess: async () => {
      setValue('')
      await queryClient.invalidateQueries(planReadings(trpc, plan.id))
    },
  })
  const { secretValue } = plan.content
  if (!secretValue || plan.state !== 'proposed' || plan.revision !== plan.latestRevision) return null
  const entered = plan.secretEntered
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value !== '') put.mutate({ planId: plan.id, revision: plan.revision, value })
  }
  return (
    <form onSubmit={submit} aria-label={secretValue.label} className="grid gap-2 border-t border-line px-3 py-2.5">
      <TextField
        label={secretValue.label}
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        maxLength={16_384}
        hint={
          entered
            ? `Entered by ${entered.by}. Enter it again to replace it.`
            : 'Stored sealed when the plan is approved. Nobody can read it back.'
        }
        error={put.error ? toApiError(put.error).message : undefined}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={value === '' || put.isPending}>
          {entered ? 'Replace value' : 'Save value'}
        </Button>
        <span role="status" className="text-sm text-muted">
          {put.isPending ? 'Saving the value.' : entered && value === '' ? 'The value is in place.' : ''}
        </span>
      </div>
    </form>
  )
}
