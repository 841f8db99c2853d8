'use client'
import { useColleagues } from '@/features/live/use-presence'
import { Tooltip } from '@/ui/tooltip'

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : (words[0] ?? '?').slice(0, 2)
  return letters.toUpperCase()
}

export function Avatar({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-7 shrink-0 place-items-center rounded-full border border-line bg-agent-tint text-[11px] font-semibold text-agent"
    >
      {initials(name)}
    </span>
  )
}

/** The colleagues who have the app open now. */
export function Presence() {
  const others = useColleagues()
  if (others.length === 0) return null
  const names = others.map((person) => person.name).join(', ')
  return (
    <Tooltip content={`Here now: ${names}`}>
      <span
        tabIndex={0}
        role="img"
        aria-label={`Here now: ${names}`}
        className="flex items-center gap-1 max-desk:hidden"
      >
        <Avatar name={others[0]?.name ?? '?'} />
        {others.length > 1 ? <span className="text-sm text-muted">+{others.length - 1}</span> : null}
      </span>
    </Tooltip>
  )
}
