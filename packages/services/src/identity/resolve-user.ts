import { type Auth, auth } from './auth'

/** Who is signed in, whether or not they belong to an organisation. Grants nothing: requests run with `resolveActor`. */
export async function resolveUser(
  headers: Headers,
  using: Auth = auth(),
): Promise<{ id: string; name: string; email: string } | null> {
  const found = await using.api.getSession({ headers })
  return found ? { id: found.user.id, name: found.user.name, email: found.user.email } : null
}
