import { Activity, CircleCheck, Cpu, Network, ScrollText, Settings, type LucideIcon } from 'lucide-react'

export type NavItem = {
  href: string
  label: string
  short: string
  icon: LucideIcon
  key: string
  group: 'work' | 'control'
}

/** One list for the rail, the phone's "More" page, the palette and the `g …` keys. */
export const NAV_ITEMS: readonly NavItem[] = [
  { href: '/fleet', label: 'Fleet', short: 'Fleet', icon: Network, key: 'f', group: 'work' },
  { href: '/gpus', label: 'GPUs', short: 'GPUs', icon: Cpu, key: 'g', group: 'work' },
  { href: '/workloads', label: 'Workloads', short: 'Work', icon: Activity, key: 'w', group: 'work' },
  { href: '/approvals', label: 'Approvals', short: 'Approve', icon: CircleCheck, key: 'a', group: 'control' },
  { href: '/audit', label: 'Audit log', short: 'Audit', icon: ScrollText, key: 'l', group: 'control' },
  { href: '/settings', label: 'Settings', short: 'Settings', icon: Settings, key: ',', group: 'control' },
]

export function isCurrent(href: string, pathname: string): boolean {
  if (href === '/approvals' && pathname.startsWith('/plans')) return true
  if (href === '/fleet' && pathname.startsWith('/nodes')) return true
  return pathname === href || pathname.startsWith(`${href}/`)
}

/** What a person calls the page of an address; those of one thing are told by what they show. */
export function pageName(pathname: string): string {
  const [, section, id] = pathname.split('/')
  if (section === 'nodes') return 'Node page'
  if (section === 'plans') return 'Plan page'
  if (section === 'workloads' && id) return 'Workload page'
  const item = NAV_ITEMS.find((known) => known.href === `/${section}`)
  return item ? `${item.label} page` : 'This page'
}
