'use client'
import { PRESETS, type Preset } from '@clawbernetes/protocol/policy/policy-words'
import { cn } from '@/ui/cn'

const SENTENCES: Record<Preset, readonly string[]> = {
  cautious: [
    'Everything that changes something asks, labels and schedules included.',
    'A typed yes only brings the card into view.',
    'More than 4 nodes at once is high risk.',
  ],
  balanced: [
    'Low risk runs at once, with an undo.',
    'Medium asks one operator; a typed yes counts when one plan waits.',
    'High needs an approver and the typed name; critical needs two people.',
  ],
  autopilot: [
    'Low and medium run by themselves, inside limits of money, GPUs and nodes.',
    'What goes beyond a limit asks, and says which.',
    'High and critical ask as ever.',
  ],
}
const TITLES: Record<Preset, string> = { cautious: 'Cautious', balanced: 'Balanced', autopilot: 'Autopilot' }

export function PresetCards({
  value,
  disabled,
  onChange,
}: {
  value: Preset
  disabled: boolean
  onChange: (preset: Preset) => void
}) {
  return (
    <fieldset className="grid min-w-0 gap-2 sm:grid-cols-3" disabled={disabled}>
      <legend className="mb-1 font-semibold">Preset</legend>
      {PRESETS.map((preset) => (
        <label
          key={preset}
          className={cn(
            'panel grid cursor-pointer content-start gap-1 p-3 has-focus-visible:outline-2',
            preset === value && 'border-info bg-info-tint',
          )}
        >
          <span className="flex items-center gap-2 font-semibold">
            <input
              type="radio"
              name="preset"
              value={preset}
              checked={preset === value}
              onChange={() => onChange(preset)}
            />
            {TITLES[preset]}
          </span>
          {SENTENCES[preset].map((sentence) => (
            <span key={sentence} className="text-sm text-muted">
              {sentence}
            </span>
          ))}
        </label>
      ))}
    </fieldset>
  )
}
