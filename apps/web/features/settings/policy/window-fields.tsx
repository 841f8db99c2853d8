'use client'
import type { NamedWindow, WeeklyWindow } from '@clawbernetes/protocol/policy/org-policy'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { inputClass, TextField } from '@/ui/field'
import { labelText, parseLabels } from './policy-lines'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Days, hours and the time zone they are meant in. */
export function WindowFields({
  window,
  name,
  disabled,
  onChange,
}: {
  window: WeeklyWindow
  /** For the names of the fields: "Night". */
  name: string
  disabled: boolean
  onChange: (patch: Partial<WeeklyWindow>) => void
}) {
  const toggle = (day: number) => {
    const days = window.days.includes(day)
      ? window.days.filter((d) => d !== day)
      : [...window.days, day].sort((a, b) => a - b)
    // A window without days never opens: the last one stays.
    if (days.length > 0) onChange({ days })
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <div role="group" aria-label={`${name}: days`} className="flex flex-wrap gap-1">
        {DAYS.map((day, index) => {
          const on = window.days.includes(index + 1)
          return (
            <Button
              key={day}
              size="sm"
              aria-pressed={on}
              aria-disabled={disabled}
              className={cn(on && 'border-info bg-info-tint font-semibold text-info')}
              onClick={() => toggle(index + 1)}
            >
              {day}
            </Button>
          )
        })}
      </div>
      <input
        type="time"
        aria-label={`${name}: from`}
        className={cn(inputClass, 'w-auto')}
        value={window.start}
        disabled={disabled}
        onChange={(event) => onChange({ start: event.target.value })}
      />
      <span aria-hidden="true">to</span>
      <input
        type="time"
        aria-label={`${name}: to`}
        className={cn(inputClass, 'w-auto')}
        value={window.end}
        disabled={disabled}
        onChange={(event) => onChange({ end: event.target.value })}
      />
      <input
        aria-label={`${name}: time zone`}
        className={cn(inputClass, 'w-44')}
        value={window.timeZone}
        disabled={disabled}
        spellCheck={false}
        onChange={(event) => onChange({ timeZone: event.target.value })}
      />
    </div>
  )
}

type HoursProps = {
  label: string
  empty: string
  hours: readonly WeeklyWindow[]
  timeZone: string
  disabled: boolean
  onChange: (hours: WeeklyWindow[]) => void
}

export function HoursList({ label, empty, hours, timeZone, disabled, onChange }: HoursProps) {
  const replace = (at: number, patch: Partial<WeeklyWindow>) =>
    onChange(hours.map((one, index) => (index === at ? { ...one, ...patch } : one)))
  return (
    <div className="grid gap-2">
      <p className="font-semibold">{label}</p>
      {hours.length === 0 ? <p className="text-muted">{empty}</p> : null}
      {hours.map((one, index) => (
        <div key={`hours-${index.toString()}`} className="flex flex-wrap items-center gap-2">
          <WindowFields
            window={one}
            name={`Hours ${index + 1}`}
            disabled={disabled}
            onChange={(patch) => replace(index, patch)}
          />
          <Button
            size="sm"
            disabled={disabled}
            aria-label={`Remove hours ${index + 1}`}
            onClick={() => onChange(hours.filter((_, at) => at !== index))}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          disabled={disabled}
          onClick={() => onChange([...hours, { days: [1, 2, 3, 4, 5], start: '08:00', end: '18:00', timeZone }])}
        >
          Add hours
        </Button>
      </div>
    </div>
  )
}

type WindowsProps = {
  windows: readonly NamedWindow[]
  timeZone: string
  disabled: boolean
  addLabel: string
  onChange: (windows: NamedWindow[]) => void
}

/** Windows with a name, and for which nodes they are. */
export function WindowList({ windows, timeZone, disabled, addLabel, onChange }: WindowsProps) {
  const replace = (id: string, patch: Partial<NamedWindow>) =>
    onChange(windows.map((one) => (one.id === id ? { ...one, ...patch } : one)))
  const add = () =>
    onChange([
      ...windows,
      {
        id: `w-${crypto.randomUUID().slice(0, 8)}`,
        name: `Window ${windows.length + 1}`,
        days: [6],
        start: '22:00',
        end: '04:00',
        timeZone,
        labels: null,
      },
    ])
  return (
    <div className="grid gap-3">
      {windows.map((one) => (
        <div key={one.id} className="panel grid gap-2 p-3">
          <div className="grid gap-2 sm:grid-cols-2">
            <TextField
              label="Name"
              value={one.name}
              maxLength={60}
              disabled={disabled}
              onChange={(event) => replace(one.id, { name: event.target.value })}
            />
            <TextField
              label="For nodes labelled"
              hint="Empty: every node."
              placeholder="env=prod"
              defaultValue={one.labels ? labelText(one.labels) : ''}
              disabled={disabled}
              onBlur={(event) => replace(one.id, { labels: parseLabels(event.target.value) })}
            />
          </div>
          <WindowFields window={one} name={one.name} disabled={disabled} onChange={(patch) => replace(one.id, patch)} />
          <div>
            <Button
              size="sm"
              disabled={disabled}
              aria-label={`Remove ${one.name}`}
              onClick={() => onChange(windows.filter((other) => other.id !== one.id))}
            >
              Remove
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button size="sm" disabled={disabled} onClick={add}>
          {addLabel}
        </Button>
      </div>
    </div>
  )
}
