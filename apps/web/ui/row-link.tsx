'use client'
import Link from 'next/link'
import { useState, type ComponentProps } from 'react'

type RowLinkProps = Omit<ComponentProps<typeof Link>, 'prefetch'>

/**
 * A link that is one of many, in a list, a table or a conversation: its page is fetched ahead once a pointer or the focus comes
 * near, not as soon as it is seen. A table of a thousand nodes asks for no thousand pages, and no frame looks at each link.
 */
export function RowLink({ onPointerEnter, onFocus, ...props }: RowLinkProps) {
  const [wanted, setWanted] = useState(false)
  return (
    <Link
      {...props}
      prefetch={wanted ? null : false}
      onPointerEnter={(event) => {
        setWanted(true)
        onPointerEnter?.(event)
      }}
      onFocus={(event) => {
        setWanted(true)
        onFocus?.(event)
      }}
    />
  )
}
