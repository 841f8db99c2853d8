import type { ReactNode } from 'react'
import { internalHref } from '@/ui/internal-href'
import { RowLink } from '@/ui/row-link'

/** A link into the product where the block names a page of it, plain words otherwise. */
export function BlockLink({ href, children }: { href: string | null; children: ReactNode }) {
  const inside = internalHref(href)
  return inside ? (
    <RowLink className="link" href={inside}>
      {children}
    </RowLink>
  ) : (
    <>{children}</>
  )
}
