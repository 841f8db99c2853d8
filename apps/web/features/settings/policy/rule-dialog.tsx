'use client'
import type { ScopedRule } from '@clawbernetes/protocol/policy/org-policy'
import { ANSWERS, type PolicyAnswer } from '@clawbernetes/protocol/policy/policy-words'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { serverNow } from '@/ui/clock'
import { Dialog } from '@/ui/dialog'
import { SelectField, TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'
import { InlineError } from '@/ui/inline-error'
import { actionWords, parseLabels } from './policy-lines'
import { WindowFields } from './window-fields'

const DAY_MS = 86_400_000
const ANSWER_OPTIONS: Record<PolicyAnswer, string> = {
  auto: 'Let it run by itself',
  ask: 'Ask people',
  deny: 'Refuse it',
}
type NewRule = Omit<ScopedRule, 'id'>
type RuleDialogProps = {
  tool: string
  target: string | null
  perHourMicroUsd: number | null
  onClose: () => void
}

/** One rule: which action, on what, up to which rate, when, and until when. It is an edit of the policy, audited as such. */
export function RuleDialog({ tool, target, perHourMicroUsd, onClose }: RuleDialogProps) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const formId = useId()
  const [hours, setHours] = useState<ScopedRule['hours']>(null)
  const add = useMutation(
    trpc.policy.addRule.mutationOptions({
      onSuccess: async () => {
        onClose()
        await queryClient.invalidateQueries(trpc.policy.read.queryFilter())
      },
    }),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!add.isPending) add.mutate(ruleOf(new FormData(event.currentTarget), hours))
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Rule for plans like this one: ${actionWords(tool)}`}
      description="It takes effect at once, for plans that are proposed from now on. Risk floors hold: high and critical plans always ask."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" pending={add.isPending}>
            Add rule
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-3">
        <input type="hidden" name="tool" value={tool} />
        <RuleFields target={target} perHourMicroUsd={perHourMicroUsd} />
        {hours ? (
          <WindowFields
            window={hours}
            name="Hours"
            disabled={false}
            onChange={(patch) => setHours({ ...hours, ...patch })}
          />
        ) : (
          <div>
            <Button
              size="sm"
              onClick={() => setHours({ days: [1, 2, 3, 4, 5], start: '08:00', end: '18:00', timeZone: ownTimeZone() })}
            >
              Only at certain hours
            </Button>
          </div>
        )}
        {add.error ? <InlineError title="The rule was not added" detail={toApiError(add.error).message} /> : null}
      </form>
    </Dialog>
  )
}

function RuleFields({ target, perHourMicroUsd }: Pick<RuleDialogProps, 'target' | 'perHourMicroUsd'>) {
  return (
    <>
      <SelectField label="Answer" name="answer" defaultValue="ask">
        {ANSWERS.map((answer) => (
          <option key={answer} value={answer}>
            {ANSWER_OPTIONS[answer]}
          </option>
        ))}
      </SelectField>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label="Node or workload" name="name" hint="* stands for any letters." defaultValue={target ?? ''} />
        <TextField label="Nodes labelled" name="labels" hint="Empty: any." placeholder="env=dev" />
        <TextField
          label="Up to US dollars an hour"
          name="max"
          type="number"
          min={0}
          step="0.01"
          hint="Empty: any rate."
          defaultValue={perHourMicroUsd !== null && perHourMicroUsd > 0 ? perHourMicroUsd / 1_000_000 : ''}
        />
        <TextField
          label="Ends on"
          name="until"
          type="date"
          required
          defaultValue={new Date(serverNow() + 30 * DAY_MS).toISOString().slice(0, 10)}
        />
      </div>
      <TextField label="Name of the rule" name="note" maxLength={200} placeholder="Trainings in dev" />
    </>
  )
}

function ruleOf(form: FormData, hours: ScopedRule['hours']): NewRule {
  const max = formText(form, 'max')
  return {
    answer: ANSWERS.find((answer) => answer === formText(form, 'answer')) ?? 'ask',
    tool: formText(form, 'tool'),
    target: { name: formText(form, 'name').trim() || null, labels: parseLabels(formText(form, 'labels')) },
    maxPerHourMicroUsd: max === '' ? null : Math.round(Number(max) * 1_000_000),
    hours,
    until: `${formText(form, 'until')}T23:59:59.000Z`,
    note: formText(form, 'note').trim(),
  }
}

const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
