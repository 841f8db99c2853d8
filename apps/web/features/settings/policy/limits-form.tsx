'use client'
import { effectivePolicy } from '@clawbernetes/domain/approvals/effective-policy'
import type { AutoLimits, PolicyDocument } from '@clawbernetes/protocol/policy/org-policy'
import { TextField } from '@/ui/field'
import { labelText, parseLabels } from './policy-lines'
import { HoursList } from './window-fields'

type Props = {
  document: PolicyDocument
  timeZone: string
  disabled: boolean
  onChange: (document: PolicyDocument) => void
}

const USD = 1_000_000
const shownUsd = (microUsd: number | null): string => (microUsd === null ? '' : String(microUsd / USD))
const numberOrNull = (text: string, scale = 1): number | null =>
  text === '' || Number.isNaN(Number(text)) ? null : Math.max(0, Math.round(Number(text) * scale))

/** What runs by itself stays within these; empty is no limit. */
export function LimitsForm({ document, timeZone, disabled, onChange }: Props) {
  const { edits } = document
  const { auto } = effectivePolicy(document)
  const set = (patch: AutoLimits) => onChange({ ...document, edits: { ...edits, auto: { ...edits.auto, ...patch } } })
  const field = { type: 'number', min: 0, disabled, placeholder: 'no limit' } as const
  return (
    <div className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField
          {...field}
          step="0.01"
          label="US dollars an hour"
          hint="Added up over what ran by itself in the last 24 hours."
          value={shownUsd(auto.perHourMicroUsd)}
          onChange={(event) => set({ perHourMicroUsd: numberOrNull(event.target.value, USD) })}
        />
        <TextField
          {...field}
          step="0.01"
          label="US dollars a day"
          hint="One-off sums, and each hourly rate for 24 hours."
          value={shownUsd(auto.perDayMicroUsd)}
          onChange={(event) => set({ perDayMicroUsd: numberOrNull(event.target.value, USD) })}
        />
        <TextField
          {...field}
          label="Plans a day"
          hint="In any 24 hours."
          value={auto.plansPerDay ?? ''}
          onChange={(event) => set({ plansPerDay: numberOrNull(event.target.value) })}
        />
        <TextField
          {...field}
          label="GPUs of a plan"
          value={auto.gpus ?? ''}
          onChange={(event) => set({ gpus: numberOrNull(event.target.value) })}
        />
        <TextField
          {...field}
          label="Nodes of a plan"
          value={auto.nodes ?? ''}
          onChange={(event) => set({ nodes: numberOrNull(event.target.value) })}
        />
      </div>
      <HoursList
        label="Only within these hours"
        empty="At any time."
        hours={auto.hours ?? []}
        timeZone={timeZone}
        disabled={disabled}
        onChange={(hours) => set({ hours: hours.length > 0 ? hours : null })}
      />
    </div>
  )
}

/** What makes a plan more serious than its action says. */
export function RaiseForm({ document, disabled, onChange }: Omit<Props, 'timeZone'>) {
  const { edits } = document
  const { raise } = effectivePolicy(document)
  const set = (patch: PolicyDocument['edits']['raise']) =>
    onChange({ ...document, edits: { ...edits, raise: { ...edits.raise, ...patch } } })
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <TextField
        type="number"
        min={1}
        disabled={disabled}
        placeholder="no limit"
        label="More nodes at once than"
        hint="Makes a plan high risk."
        value={raise.nodesAtOnce ?? ''}
        onChange={(event) => set({ nodesAtOnce: numberOrNull(event.target.value) || null })}
      />
      <TextField
        disabled={disabled}
        label="Nodes labelled"
        hint="Make a plan that touches them high risk. Several: env=prod, tier=gold."
        key={labelList(raise.labels)}
        defaultValue={labelList(raise.labels)}
        onBlur={(event) => set({ labels: pairsOf(event.target.value) })}
      />
      <TextField
        type="number"
        min={0}
        step="0.01"
        disabled={disabled}
        placeholder="no limit"
        label="Spending above, US dollars"
        hint="An hour or once: makes a plan critical."
        value={shownUsd(raise.spendMicroUsd)}
        onChange={(event) => set({ spendMicroUsd: numberOrNull(event.target.value, USD) })}
      />
    </div>
  )
}

const labelList = (labels: readonly { key: string; value: string }[]): string =>
  labels.map(({ key, value }) => labelText({ [key]: value })).join(', ')
const pairsOf = (text: string): { key: string; value: string }[] =>
  text
    .split(',')
    .flatMap((part) => Object.entries(parseLabels(part) ?? {}))
    .map(([key, value]) => ({ key, value }))
