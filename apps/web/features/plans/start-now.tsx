'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useRef, useState, type FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { planReadings } from './use-plan'

/** An administrator lets an approved plan start outside of its maintenance window, and says why. */
export function StartNow({ plan }: { plan: PlanView }) {
  const [open, setOpen] = useState(false)
  if (!plan.rights.startNow) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>Start now…</Button>
      {open ? <StartNowDialog plan={plan} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

function StartNowDialog({ plan, onClose }: { plan: PlanView; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const cancel = useRef<HTMLButtonElement>(null)
  const [reason, setReason] = useState('')
  const formId = useId()
  const start = useMutation(
    trpc.approvals.startNow.mutationOptions({
      onSuccess: async () => {
        onClose()
        await queryClient.invalidateQueries(planReadings(trpc, plan.id))
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() && !start.isPending) start.mutate({ planId: plan.id, reason: reason.trim() })
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={`Start ${plan.label} outside of its window?`}
      description={`${plan.window?.text ?? 'It waits for its maintenance window'}. Whoever relies on the window will find your reason in the audit log.`}
      initialFocus={() => cancel.current}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant="danger"
            aria-disabled={reason.trim() === ''}
            pending={start.isPending}
          >
            Start now
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-3">
        <TextField
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          autoComplete="off"
          required
        />
        {start.error ? <InlineError title="It was not started" detail={toApiError(start.error).message} /> : null}
      </form>
    </Dialog>
  )
}
