/** Links inside data may only lead to pages of this app; anything else is not a link. */
export function internalHref(href: string | null | undefined): string | null {
  if (!href || !href.startsWith('/') || href.startsWith('//') || href.includes('\\')) return null
  return href
}
