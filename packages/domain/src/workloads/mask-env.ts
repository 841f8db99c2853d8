const SECRET_NAME = /key|token|secret|passw|credential|auth|cookie|dsn|private/i
/** `scheme://user:password@host`: the password is hidden, the rest helps. */
const URL_PASSWORD = /^([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*):[^@/\s]+@/i
const MASK = '••••••'

/** Environment variables as people may see them: what a name calls a secret is hidden. */
export function maskEnv(env: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(env)
    .map(([name, value]) => ({
      name,
      value: SECRET_NAME.test(name) && value !== '' ? MASK : value.replace(URL_PASSWORD, `$1:${MASK}@`),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
}
