'use client'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { inputClass } from '@/ui/field'
import { doorName, DOORS } from './door-name'
import type { useAuditFilter } from './use-audit-filter'

/** Who did what to which, through which door, and when. */
export function AuditFilterBar({ filter }: { filter: ReturnType<typeof useAuditFilter> }) {
  const { fields, set } = filter
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2 max-desk:grid max-desk:grid-cols-2">
      <input
        data-filter
        aria-label="Filter by target"
        placeholder="Target, such as PL-204"
        value={fields.target}
        onChange={(event) => set({ target: event.target.value })}
        className={cn(inputClass, 'max-w-52 max-desk:max-w-none')}
      />
      <input
        aria-label="Filter by action"
        placeholder="Action, such as plan."
        value={fields.action}
        onChange={(event) => set({ action: event.target.value })}
        className={cn(inputClass, 'max-w-48 max-desk:max-w-none')}
      />
      <input
        aria-label="Filter by person, agent or system"
        placeholder="Who: a name, agent, system"
        value={fields.actor}
        onChange={(event) => set({ actor: event.target.value })}
        className={cn(inputClass, 'max-w-52 max-desk:max-w-none')}
      />
      <select
        aria-label="Filter by door"
        value={fields.via}
        onChange={(event) => set({ via: event.target.value })}
        className={cn(inputClass, 'w-auto pr-7 max-desk:w-full')}
      >
        <option value="">Any door</option>
        {DOORS.map((door) => (
          <option key={door} value={door}>
            {doorName(door)}
          </option>
        ))}
      </select>
      <label className="flex min-w-0 items-center gap-1 text-muted">
        From
        <input
          type="date"
          value={fields.from}
          onChange={(event) => set({ from: event.target.value })}
          className={cn(inputClass, 'w-auto min-w-0 max-desk:w-full')}
        />
      </label>
      <label className="flex min-w-0 items-center gap-1 text-muted">
        to
        <input
          type="date"
          value={fields.to}
          onChange={(event) => set({ to: event.target.value })}
          className={cn(inputClass, 'w-auto min-w-0 max-desk:w-full')}
        />
      </label>
      {filter.filtered ? <Button onClick={filter.clear}>Clear filters</Button> : null}
    </div>
  )
}
