/** Only paths of this app: a link to the login page must not be able to send people elsewhere afterwards. */
export function safeReturnPath(next: string | null | undefined, fallback = '/fleet'): string {
  if (!next || !next.startsWith('/') || next.startsWith('//') || next.includes('\\') || /[\u0000-\u001f]/.test(next))
    return fallback
  return next
}
