import type { Metadata } from 'next'
import Link from 'next/link'
import { NAV_ITEMS } from '@/features/shell/nav-items'
import { Page } from '@/features/shell/page'

export const metadata: Metadata = { title: 'More' }

/** Phones: everything that the four tabs do not show. */
export default function MorePage() {
  return (
    <Page title="More" ask={null}>
      <ul className="panel m-0 list-none divide-y divide-line p-0">
        {NAV_ITEMS.map((item) => (
          <li key={item.href}>
            <Link href={item.href} className="flex min-h-12 items-center gap-3 px-4 no-underline">
              <item.icon aria-hidden="true" className="size-5 text-muted" />
              {item.label}
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  )
}
