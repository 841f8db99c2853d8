'use client'
import { CircleCheck, Ellipsis, MessageSquare, Network, type LucideIcon } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Badge } from '@/ui/badge'

type Tab = { href: string; label: string; icon: LucideIcon; matches: (pathname: string) => boolean }

const TABS: readonly Tab[] = [
  {
    href: '/fleet',
    label: 'Fleet',
    icon: Network,
    matches: (path) => path.startsWith('/fleet') || path.startsWith('/nodes'),
  },
  { href: '/chat', label: 'Chat', icon: MessageSquare, matches: (path) => path.startsWith('/chat') },
  {
    href: '/approvals',
    label: 'Approvals',
    icon: CircleCheck,
    matches: (path) => path.startsWith('/approvals') || path.startsWith('/plans'),
  },
]
const inTabs = (path: string): boolean => TABS.some((tab) => tab.matches(path))
const MORE: Tab = { href: '/more', label: 'More', icon: Ellipsis, matches: (path) => !inTabs(path) }

/** Phones: four places, the rest behind More. */
export function TabBar({ waitingApprovals }: { waitingApprovals: number }) {
  const pathname = usePathname()
  return (
    <nav
      aria-label="Sections"
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] desk:hidden"
    >
      {[...TABS, MORE].map((tab) => {
        const Icon = tab.icon
        const count = tab.href === '/approvals' ? waitingApprovals : 0
        return (
          <Link
            key={tab.href}
            href={tab.href}
            aria-current={tab.matches(pathname) ? 'page' : undefined}
            className="flex min-h-[52px] flex-1 flex-col items-center justify-center gap-0.5 text-xs text-muted no-underline focus-visible:-outline-offset-2 aria-[current]:text-fg aria-[current]:shadow-[inset_0_2px_0_var(--info)]"
          >
            <span aria-hidden="true" className="relative">
              <Icon aria-hidden="true" className="size-5" />
              {count > 0 ? (
                <Badge tone="warn" className="absolute -top-1.5 -right-4 min-w-4 px-1 text-[11px] leading-4">
                  {count}
                </Badge>
              ) : null}
            </span>
            {tab.label}
            {count > 0 ? <span className="sr-only">, {count} waiting</span> : null}
          </Link>
        )
      })}
    </nav>
  )
}
