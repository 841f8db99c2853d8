'use client'
import type { FreezeView } from '@clawbernetes/protocol/views/freeze'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useRef, useState, type FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'

type Words = {
  title: string
  text: string
  may: boolean
  needs: string
  label: string
  placeholder: string
  verb: string
}

function wordsFor(freeze: FreezeView): Words {
  if (freeze.frozen)
    return {
      title: 'Lift the emergency stop?',
      text: 'Plans go on where they were held, schedules propose again, and plans can be approved. Look at what waits first: it is in Approvals.',
      may: freeze.mayLift,
      needs: 'Lifting the stop needs the role admin.',
      label: 'Why it is safe to go on',
      placeholder: 'The wrong price was corrected',
      verb: 'Lift the stop',
    }
  return {
    title: 'Stop every action of the agent?',
    text: 'From this moment nothing is proposed, approved or started in this organisation, and no step of a running plan goes on. Workloads that run keep running. An administrator lifts it.',
    may: freeze.mayFreeze,
    needs: 'The emergency stop needs the role operator.',
    label: 'Why',
    placeholder: 'Something is draining the wrong nodes',
    verb: 'Stop everything',
  }
}

/** Stopping is the safe direction: one field and one button. It is audited either way. */
export function FreezeDialog({ freeze, onClose }: { freeze: FreezeView; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  // What was asked when the dialog opened: another person's stop must not turn this button into its opposite.
  const [asked] = useState(freeze)
  const [reason, setReason] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const formId = useId()
  const words = wordsFor(asked)
  const options = {
    onSuccess: async () => {
      onClose()
      await queryClient.invalidateQueries(trpc.approvals.readFreeze.queryFilter())
    },
  }
  const stop = useMutation({ ...trpc.approvals.freeze.mutationOptions(options), networkMode: 'always' as const })
  const lift = useMutation({ ...trpc.approvals.unfreeze.mutationOptions(options), networkMode: 'always' as const })
  const action = asked.frozen ? lift : stop
  const ready = words.may && reason.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !action.isPending) action.mutate({ reason: reason.trim() })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={words.title}
      description={words.text}
      initialFocus={() => field.current}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant={asked.frozen ? 'primary' : 'danger'}
            aria-disabled={!ready}
            pending={action.isPending}
          >
            {words.verb}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-3">
        {words.may ? (
          <TextField
            ref={field}
            label={words.label}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            placeholder={words.placeholder}
            maxLength={200}
            autoComplete="off"
            required
          />
        ) : (
          <p>{words.needs}</p>
        )}
        {action.error ? <InlineError title="That did not work" detail={toApiError(action.error).message} /> : null}
      </form>
    </Dialog>
  )
}
