'use client'
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Badge } from '@/ui/badge'
import { cn } from '@/ui/cn'
import { isCurrent, NAV_ITEMS, type NavItem } from './nav-items'
import { usePreferences } from './preferences-context'

function RailLink({
  item,
  current,
  expanded,
  count,
}: {
  item: NavItem
  current: boolean
  expanded: boolean
  count: number
}) {
  const Icon = item.icon
  return (
    <li>
      <Link
        href={item.href}
        aria-current={current ? 'page' : undefined}
        title={expanded ? undefined : item.label}
        className={cn(
          'relative flex text-muted no-underline hover:bg-pend-tint hover:text-fg focus-visible:-outline-offset-2',
          'aria-[current]:bg-info-tint aria-[current]:text-fg aria-[current]:shadow-[inset_3px_0_0_var(--info)]',
          expanded
            ? 'h-10 items-center gap-3 px-4'
            : 'h-[52px] flex-col items-center justify-center gap-0.5 text-[11px] leading-4',
        )}
      >
        <Icon aria-hidden="true" className="size-[18px]" />
        <span>{expanded ? item.label : item.short}</span>
        {count > 0 ? (
          <>
            <Badge
              tone="warn"
              className={expanded ? 'ml-auto' : 'absolute top-1 right-1.5 min-w-4 px-1 text-[11px] leading-4'}
            >
              {count}
            </Badge>
            <span className="sr-only">waiting</span>
          </>
        ) : null}
      </Link>
    </li>
  )
}

export function NavRail({ waitingApprovals }: { waitingApprovals: number }) {
  const pathname = usePathname()
  const { preferences, update } = usePreferences()
  const expanded = preferences.navExpanded
  return (
    <nav
      aria-label="Primary"
      className={cn(
        'flex shrink-0 flex-col overflow-y-auto border-r border-line bg-surface max-desk:hidden',
        expanded ? 'w-[200px]' : 'w-14',
      )}
    >
      {(['work', 'control'] as const).map((group) => (
        <ul key={group} className={cn('m-0 list-none p-0 py-1.5', group === 'control' && 'border-t border-line')}>
          {NAV_ITEMS.filter((item) => item.group === group).map((item) => (
            <RailLink
              key={item.href}
              item={item}
              current={isCurrent(item.href, pathname)}
              expanded={expanded}
              count={item.href === '/approvals' ? waitingApprovals : 0}
            />
          ))}
        </ul>
      ))}
      <button
        type="button"
        onClick={() => update({ navExpanded: !expanded })}
        aria-expanded={expanded}
        aria-label={expanded ? 'Collapse navigation' : 'Expand navigation'}
        className="mt-auto grid h-10 shrink-0 place-items-center text-muted hover:bg-pend-tint hover:text-fg focus-visible:-outline-offset-2"
      >
        {expanded ? (
          <PanelLeftClose aria-hidden="true" className="size-4" />
        ) : (
          <PanelLeftOpen aria-hidden="true" className="size-4" />
        )}
      </button>
    </nav>
  )
}
