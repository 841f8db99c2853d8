'use client'
import type { PlannerSettingsView } from '@clawbernetes/protocol/views/planner'
import { useEffect, useRef } from 'react'
import { Button } from '@/ui/button'
import { Disclosure } from '@/ui/disclosure'
import { SelectField, TextField } from '@/ui/field'
import { Notice } from '@/ui/inline-error'
import { BUDGET_FIELDS, draftOf, dropsKey, type FieldName, isLanguageModel, type PlannerDraft } from './planner-draft'
import { PROVIDERS } from './providers'
import { usePlannerForm } from './use-planner-form'

/** Provider, model, address, key, prices and budgets; one Save. */
export function PlannerForm({
  settings,
  onDirty,
}: {
  settings: PlannerSettingsView
  onDirty: (dirty: boolean) => void
}) {
  const form = useRef<HTMLFormElement>(null)
  const { draft, dirty, saved, saving, problem, errorOf, change, submit } = usePlannerForm(settings)
  useEffect(() => onDirty(dirty), [dirty, onDirty])
  // The first field that cannot be sent gets the focus.
  useEffect(() => {
    if (problem?.field) form.current?.querySelector<HTMLInputElement>(`[name="${problem.field}"]`)?.focus()
  }, [problem])
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      noValidate
      className="grid max-w-[560px] gap-3"
    >
      <SelectField
        label="Planner"
        name="provider"
        hint={PROVIDERS[draft.provider].hint}
        value={draft.provider}
        onChange={(event) => change({ provider: event.target.value as PlannerDraft['provider'] })}
      >
        {Object.entries(PROVIDERS).map(([value, { label }]) => (
          <option key={value} value={value}>
            {value === 'installation' ? `${label}: ${installationWords(settings)}` : label}
          </option>
        ))}
      </SelectField>
      {isLanguageModel(draft.provider) ? (
        <ModelFields draft={draft} settings={settings} change={change} errorOf={errorOf} />
      ) : null}
      {draft.provider === 'embedded' ? null : <BudgetFields draft={draft} change={change} errorOf={errorOf} />}
      {problem && problem.field === null ? (
        <p role="alert" className="text-crit">
          <span aria-hidden="true">◆ </span>
          {problem.message}
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" pending={saving}>
          Save
        </Button>
        {dirty ? (
          <Button type="button" onClick={() => change(draftOf(settings))}>
            Discard changes
          </Button>
        ) : null}
        <span role="status">{saved ? 'Saved.' : dirty ? 'Not saved yet.' : ''}</span>
      </div>
    </form>
  )
}

type FieldsProps = {
  draft: PlannerDraft
  change: (over: Partial<PlannerDraft>) => void
  errorOf: (field: FieldName) => string | null
}

function ModelFields({ draft, settings, change, errorOf }: FieldsProps & { settings: PlannerSettingsView }) {
  const known = PROVIDERS[draft.provider]
  const stored = settings.keyTail !== null && !dropsKey(draft, settings)
  return (
    <>
      <TextField
        label="Model"
        name="model"
        value={draft.model}
        onChange={(event) => change({ model: event.target.value })}
        placeholder={known.model}
        maxLength={120}
        autoComplete="off"
        spellCheck={false}
        hint="It must be able to call tools."
        error={errorOf('model')}
      />
      <TextField
        label={known.address === null ? 'Address' : 'Address (optional)'}
        name="baseUrl"
        inputMode="url"
        value={draft.baseUrl}
        onChange={(event) => change({ baseUrl: event.target.value })}
        placeholder={known.address ?? 'http://localhost:8000/v1'}
        maxLength={300}
        autoComplete="off"
        spellCheck={false}
        hint={known.address === null ? 'Of the API, up to and with /v1.' : `Empty: ${known.address}`}
        error={errorOf('baseUrl')}
      />
      <TextField
        label={known.keyNeeded ? 'API key' : 'API key (optional)'}
        name="apiKey"
        type="password"
        value={draft.apiKey}
        onChange={(event) => change({ apiKey: event.target.value, removeKey: false })}
        maxLength={500}
        autoComplete="off"
        placeholder={stored ? `Stored, ends in ${settings.keyTail || 'a short tail'}` : undefined}
        hint={
          stored
            ? 'Leave empty to keep the stored key. It is never shown again.'
            : 'Stored encrypted, never shown again.'
        }
        error={errorOf('apiKey')}
      />
      {stored && !known.keyNeeded ? (
        <label className="flex items-center gap-2 max-desk:min-h-11">
          <input
            type="checkbox"
            className="size-4 shrink-0"
            checked={draft.removeKey}
            onChange={(event) => change({ removeKey: event.target.checked, apiKey: '' })}
          />
          Remove the stored key
        </label>
      ) : null}
      {dropsKey(draft, settings) ? (
        <Notice tone="warn">
          The stored key belongs to the provider and address it was entered for. Saving this change removes it.
        </Notice>
      ) : null}
    </>
  )
}

function BudgetFields({ draft, change, errorOf }: FieldsProps) {
  const own = isLanguageModel(draft.provider)
  return (
    <Disclosure summary="Budgets and prices" open={BUDGET_FIELDS.some((f) => errorOf(f.name)) || undefined}>
      <p className="mb-2 text-sm text-muted">
        Checked before every call of the model. When the day’s budget is used up, the embedded planner answers until
        00:00 UTC, and says so. Without a price only tokens and tool calls are counted.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        {own ? (
          <>
            <TextField
              label="Input price"
              name="inputPriceUsd"
              inputMode="decimal"
              hint="Dollars per million tokens"
              value={draft.inputPriceUsd}
              onChange={(event) => change({ inputPriceUsd: event.target.value })}
              error={errorOf('inputPriceUsd')}
            />
            <TextField
              label="Output price"
              name="outputPriceUsd"
              inputMode="decimal"
              hint="Dollars per million tokens"
              value={draft.outputPriceUsd}
              onChange={(event) => change({ outputPriceUsd: event.target.value })}
              error={errorOf('outputPriceUsd')}
            />
          </>
        ) : null}
        {BUDGET_FIELDS.map(({ name, label, money }) => (
          <TextField
            key={name}
            label={label}
            name={name}
            inputMode={money ? 'decimal' : 'numeric'}
            hint={money ? '0: no cap on money' : undefined}
            value={draft.budgets[name]}
            onChange={(event) => change({ budgets: { ...draft.budgets, [name]: event.target.value } })}
            error={errorOf(name)}
          />
        ))}
      </div>
    </Disclosure>
  )
}

function installationWords({ installation }: PlannerSettingsView): string {
  return installation.provider === 'embedded'
    ? 'embedded'
    : `${installation.provider} ${installation.model ?? ''}`.trim()
}
