'use client'
import { useTheme } from 'next-themes'
import { usePreferences } from '@/features/shell/preferences-context'
import { SelectField } from '@/ui/field'

/** Kept in this browser. */
export function AppearanceSection() {
  const { theme, setTheme } = useTheme()
  const { preferences, update } = usePreferences()
  return (
    <div className="grid max-w-[420px] gap-4">
      <SelectField label="Theme" value={theme ?? 'system'} onChange={(event) => setTheme(event.target.value)}>
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </SelectField>
      <SelectField
        label="Density"
        hint="Height of table rows."
        value={preferences.density}
        onChange={(event) => update({ density: event.target.value === 'comfortable' ? 'comfortable' : 'compact' })}
      >
        <option value="compact">Compact</option>
        <option value="comfortable">Comfortable</option>
      </SelectField>
      <SelectField
        label="Temperature"
        value={preferences.temperatureUnit}
        onChange={(event) => update({ temperatureUnit: event.target.value === 'F' ? 'F' : 'C' })}
      >
        <option value="C">Celsius</option>
        <option value="F">Fahrenheit</option>
      </SelectField>
      <SelectField
        label="Chat"
        hint="Which side of the window it docks to."
        value={preferences.chatSide}
        onChange={(event) => update({ chatSide: event.target.value === 'left' ? 'left' : 'right' })}
      >
        <option value="right">Right</option>
        <option value="left">Left</option>
      </SelectField>
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0"
          checked={preferences.singleKeys}
          onChange={(event) => update({ singleKeys: event.target.checked })}
        />
        <span>
          Single-key shortcuts
          <span className="block text-sm text-muted">Such as g then f for Fleet. Keys with ⌘ or Ctrl always work.</span>
        </span>
      </label>
    </div>
  )
}
