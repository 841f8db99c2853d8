'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useId, useRef, useState, type FormEvent } from 'react'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'

/** The three worst things that this plan does, worst first, in words that are already on the card. */
export function worstEffects(plan: PlanView): string[] {
  const { content } = plan
  const irreversible = content.steps
    .filter((step) => step.reversible === 'irreversible')
    .map((step) => `${step.title}: cannot be undone`)
  const pauses = content.steps
    .filter((step) => step.reversible === 'pauses')
    .map((step) => `${step.title}: brief pause`)
  const noUndo = content.undo.possible ? [] : [content.undo.text || 'The plan as a whole cannot be undone']
  return [...irreversible, ...content.warnings, ...noUndo, ...pauses, content.riskReason]
    .filter((text) => text !== '')
    .slice(0, 3)
}

/** High risk: the name is typed, and the focus waits on Cancel. */
export function ConfirmDialog({
  plan,
  onConfirm,
  onCancel,
}: {
  plan: PlanView
  onConfirm: (typedName: string) => void
  onCancel: () => void
}) {
  const name = plan.content.confirmName ?? plan.label
  const [typed, setTyped] = useState('')
  const cancelRef = useRef<HTMLButtonElement>(null)
  const formId = useId()
  const matches = typed.trim() === name
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (matches) onConfirm(typed.trim())
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onCancel())}
      title={`Approve ${plan.label}: ${plan.content.title}`}
      initialFocus={() => cancelRef.current}
      footer={
        <>
          <Button ref={cancelRef} onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="danger" aria-disabled={!matches}>
            Approve
          </Button>
        </>
      }
    >
      <p>What this does at its worst:</p>
      <ul className="my-2 list-disc pl-5">
        {worstEffects(plan).map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      <form id={formId} onSubmit={submit}>
        <TextField
          label={
            <>
              Type <code className="font-mono">{name}</code> to approve
            </>
          }
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </form>
    </Dialog>
  )
}
