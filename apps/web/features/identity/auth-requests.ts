import { randomKey } from '@/ui/random-key'

/**
 * The few calls to the sign-in API, by plain fetch: its client library would cost the login page more than the form.
 */
export type AuthResult = { ok: true } | { ok: false; message: string; retryAfterS: number | null }

export async function post(path: string, body: unknown): Promise<AuthResult> {
  let response: Response
  try {
    response = await fetch(`/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch {
    return {
      ok: false,
      message: 'The server could not be reached. Your entries are kept; try again.',
      retryAfterS: null,
    }
  }
  if (response.ok) return { ok: true }
  if (response.status === 429) {
    const retryAfterS = Number(response.headers.get('x-retry-after')) || null
    return {
      ok: false,
      message: retryAfterS
        ? `Too many attempts. Try again in ${retryAfterS} s.`
        : 'Too many attempts. Try again in a minute.',
      retryAfterS,
    }
  }
  const detail = (await response.json().catch(() => null)) as { message?: string; code?: string } | null
  return { ok: false, message: explain(detail?.code, detail?.message, response.status), retryAfterS: null }
}

/** One sentence, and for a failed sign-in never which of the two fields was wrong. */
function explain(code: string | undefined, message: string | undefined, status: number): string {
  switch (code) {
    case 'INVALID_EMAIL_OR_PASSWORD':
    case 'INVALID_EMAIL':
    case 'INVALID_PASSWORD':
      return 'This e-mail and password do not match an account.'
    case 'USER_ALREADY_EXISTS':
    case 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL':
      return 'There is already an account with this e-mail. Sign in instead.'
    case 'PASSWORD_TOO_SHORT':
      return 'The password is too short.'
    case 'PASSWORD_TOO_LONG':
      return 'The password is too long.'
    default:
      return message ?? `The server refused (${status}).`
  }
}

export const signIn = (input: { email: string; password: string }): Promise<AuthResult> => post('/sign-in/email', input)
export const signOut = (): Promise<AuthResult> => post('/sign-out', {})
export const signUp = (input: { name: string; email: string; password: string }): Promise<AuthResult> =>
  post('/sign-up/email', input)
export const switchOrganization = (organizationId: string): Promise<AuthResult> =>
  post('/organization/set-active', { organizationId })

/** Makes an organisation with the caller as its owner, and goes into it. */
export const createOrganization = (name: string): Promise<AuthResult> =>
  post('/organization/create', { name, slug: `org-${randomKey().slice(0, 12)}` })

/** Renames the organisation that the session is in. */
export const renameOrganization = (name: string): Promise<AuthResult> =>
  post('/organization/update', { data: { name } })

export const acceptInvitation = (invitationId: string): Promise<AuthResult> =>
  post('/organization/accept-invitation', { invitationId })
